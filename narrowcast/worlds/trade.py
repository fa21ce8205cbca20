"""What a recipe says beside its people and media: personas, trade, files, past campaigns, firms, dirt, traps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from narrowcast.language import gettext as _
from narrowcast.worlds.figures import Figure, NotNegative, Part, Positive, Share, within
from narrowcast.worlds.ingredients import adds_up
from narrowcast.worlds.media import Medium

__all__ = [
    "Benchmark",
    "Business",
    "Campaign",
    "Competitor",
    "ContactFile",
    "Dirt",
    "Leads",
    "Persona",
    "Product",
    "Referral",
    "Stage",
    "Trap",
]


class Persona(Part):
    """An ideal buyer, drawn from a segment: what a marketer pictures when writing a message."""

    title: str
    segment: str
    description: str
    interests: str
    purchasing_power: str
    demographics: str
    geography: str
    psychographics: str


class Product(Part):
    """Something that is sold."""

    title: str
    price: Positive
    unit_cost: NotNegative


class Competitor(Part):
    """Another brand in the same market."""

    title: str
    description: str
    price_index: Positive
    """Its prices, as a multiple of ours."""
    share_of_voice: dict[Medium, Share]
    """By medium: its share of what all brands in the trade show there."""


class Benchmark(Part):
    """A figure of the trade that a goal can be held against."""

    title: str
    figure: Figure


class ContactFile(Part):
    """Addresses to write to, post to or call."""

    title: str
    kind: Literal["house", "purchased"]
    size: NotNegative
    """Rows, as a multiple of the customers; a house file holds everybody who gave an address."""
    email_valid: Share
    phone_valid: Share
    consent: Share
    """Share of rows whose person really agreed to be contacted by this firm."""
    claimed_consent: Share
    """Share of rows for which the file says so."""
    overlap: Share
    """Share of rows that are customers already."""
    price: NotNegative
    """Price of an address, in the smallest unit of the world's currency."""
    shift: NotNegative
    """Distance by which the interests of its strangers lie off their segment's."""


class Campaign(Part):
    """A past campaign: whom it met, what they did, and what it caused."""

    title: str
    medium: Medium
    segment: str | None = None
    """Whom it was for; left out: everybody."""
    weeks_ago: Annotated[Figure, AfterValidator(within(1, 104))]
    days: Annotated[Figure, AfterValidator(within(1, 90))]
    """Over how many days the contacts were spread."""
    coverage: Share
    """Share of the audience that was chosen."""
    holdout: Share
    """Of those chosen, the share that chance kept from every contact."""
    cost: NotNegative
    """Cost of a contact (of a click, in search and affiliate), in the smallest unit of the world's currency."""
    delivered: Share
    opened: Share
    """Of what was delivered, the share that was opened, answered or looked at."""
    clicked: Share
    """Of what was opened, the share that was clicked or followed."""
    unsubscribed: Share
    """Of what was delivered, the share that ended with leaving the list."""
    lift: Share
    """Share of the persuadable people reached who ordered because of it."""
    seekers: Share | None = None
    """Of those met who were about to order anyway, the share that clicked on the way; left out: none."""
    machine_opens: Share | None = None
    """Of the e-mails delivered that nobody opened, the share that a machine opened; left out: none."""
    clicks_each: Annotated[Figure, AfterValidator(within(1, 20))] | None = None
    """Clicks of a person who clicked, on average; left out: one."""


class Referral(Part):
    """Codes and cards with which customers bring customers."""

    codes: Share
    """Share of customers who hold a code of their own."""
    cards: Share
    """Share of code holders with a card that bears a QR code."""
    used: Share
    """Share of referred customers who gave a code."""
    scans: NotNegative
    """Scans of a card, on average; most do not buy."""
    reward: NotNegative
    """Paid to the code's holder for a new customer, in the smallest unit of the world's currency."""
    self_referral: Share
    """Further uses of codes by their holders' own households, as a share of the honest ones."""


class Leads(Part):
    """People who left a telephone number on a landing page."""

    pages: dict[str, Share]
    """Landing pages by their address, with their shares."""
    per_customer: Annotated[Figure, AfterValidator(within(0, 50))]
    """Leads of the last year, as a multiple of the customers."""
    phone_valid: Share
    consent: Share
    called: Share
    """Share of the numbers that anybody ever called."""
    reached: Share
    enrolled: Share
    """Of those reached, the share that bought."""
    shared_phone: Share
    """Share of leads whose number belongs to a household that left it before."""

    @field_validator("pages")
    @classmethod
    def _one_of_them(cls, pages: dict[str, Figure]) -> dict[str, Figure]:
        adds_up({name: share.value for name, share in pages.items()}, _("the shares"))
        return pages


class Stage(Part):
    """One step of a sale between firms."""

    title: str
    passes: Share
    """Share of deals that go on to the next stage."""
    days: Positive
    """Days that a deal stays, on average."""


class Business(Part):
    """Customers who buy for their firms."""

    people: Annotated[Figure, AfterValidator(within(1, 50))]
    """People of one firm among the customers, on average."""
    industries: dict[str, Share]
    roles: dict[str, Share]
    employees: dict[str, Positive]
    """By segment: employees of a firm, median."""
    deals: Annotated[Figure, AfterValidator(within(0, 20))]
    """Deals a firm was offered, on average."""
    deal_value: Positive
    """Worth of a deal for each employee and year, in the smallest unit of the world's currency."""
    overhead: NotNegative
    """Salaries and tools of sales for each deal, in the smallest unit of the world's currency."""
    stages: dict[str, Stage] = Field(min_length=2)

    @model_validator(mode="after")
    def _all_add_up(self) -> Business:
        for shares in (self.industries, self.roles):
            adds_up({name: share.value for name, share in shares.items()}, _("the shares"))
        return self


class Dirt(Part):
    """What is wrong in the raw tables, as a share of their rows."""

    spelling: Share
    """A province written in another way."""
    duplicates: Share
    """A person entered a second time."""
    dates: Share
    """A date written in another order."""
    letters: Share
    """Đ written as D, or all marks lost."""
    numbers: Share
    """A telephone number in another form."""
    spaces: Share
    """Blanks and capitals where none belong."""


class Trap(Part):
    """Something that misleads; for the instructor."""

    title: str
    description: str
    mistake: str = Field(default="", pattern=r"^(M([1-9]|1\d|2[0-6]))?$")
    """Number of the mistake that it leads to, as keys name it."""
