"""E-mails, letters and calls: what becomes of them, at home and among prospects."""

from __future__ import annotations

from statistics import mean

from narrowcast.campaigns import Flight, Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import How, Table
from narrowcast.simulate.fidelity.markets import (
    DOLLAR,
    across,
    conversions,
    market,
    markets,
    over_markets,
    ran,
    ratio,
    scaled,
)
from narrowcast.simulate.fidelity.published import published
from narrowcast.simulate.run import lay_out, simulate
from narrowcast.worlds.media import catalogue

__all__ = ["direct_table", "frequency_table", "mailchimp_table", "name_table"]

_SEEDS = range(3)
_QUARTER = 12
_WEEKS_A_MONTH = 365.25 / 12 / 7


def mailchimp_table() -> Table:
    """Hold e-mails in the course's markets against the benchmarks of three years."""
    target = published()["mailchimp_email"]
    rows = [ran(name, "email") for name in markets()]
    lost = [market(name, "email").recipe.channels["email"].soft_bounce.value for name in markets()]
    hard = [
        (all_ - soft) / (1 - soft)
        for all_, soft in zip(ratio(rows, "bounced", "contacts"), lost, strict=True)
    ]
    seen = {
        "open": ratio(rows, "opened", "delivered"),
        "click": ratio(rows, "clicked", "delivered"),
        "soft_bounce": lost,
        "hard_bounce": hard,
        "unsubscribe": ratio(rows, "unsubscribed", "delivered"),
    }
    names = {
        "open": _("opens"), "click": _("clicks"), "soft_bounce": _("soft bounces"),
        "hard_bounce": _("hard bounces"), "unsubscribe": _("unsubscribes"),
    }  # fmt: skip
    years = {"all_2019": _("2019"), "all_2018": _("2018"), "ecommerce_2015": _("e-commerce 2015")}
    cells = []
    for year, title in years.items():
        for rate, value in zip(target["rates"], target[year], strict=True):
            how: How = "set" if year == "all_2019" and rate != "hard_bounce" else "free"
            cells.append(across(f"{names[rate]}, {title}", value, seen[rate], how, _misfit(rate, year)))
    return Table(
        "mailchimp_email", _("What becomes of e-mails"), tuple(cells), over_markets(),
        _("The catalogue's e-mail is set to the figures of 2019 at a match of one half; the markets' own people, "
          "messages and files make the rest. Figures of other years were not used."),
    )  # fmt: skip


def _misfit(rate: str, year: str) -> str:
    """Return why an e-mail's rate is known not to fit; empty where it is to fit."""
    if rate == "hard_bounce":
        return _("the files of the course's markets are dirtier, so that a class has something to clean")
    if rate in ("open", "soft_bounce") and year == "ecommerce_2015":
        return _("the catalogue has all trades of 2019, not shops of 2015")
    return ""


def direct_table() -> Table:
    """Hold letters, calls and e-mails to the firm's own file and to purchased ones against the published answers."""
    target = published()["direct_response_dma_2012"]
    cells = []
    for key, medium, title in (("letter", "post", _("letter")), ("phone", "phone", _("call"))):
        for place, label in enumerate((_("own list"), _("prospects"))):
            seen = ratio(_rows(medium, prospects=place == 1), "clicked", "delivered")
            name = _("answers to a {medium}, {audience}").format(medium=title, audience=label)
            how: How = "free" if place else "set"
            cells.append(across(name, target[key][place], seen, how, _strange() if place else ""))
    for place, label in enumerate((_("own list"), _("prospects"))):
        rows = _rows("email", prospects=place == 1)
        name = _("e-mails opened, {audience}").format(audience=label)
        opens = ratio(rows, "opened", "delivered")
        cells.append(across(name, target["email_open"][place], opens, misfit=_strange() if place else ""))
        name, orders = (
            _("orders a click in e-mails, {audience}").format(audience=label),
            ratio(rows, "orders", "clicked"),
        )
        cells.append(across(name, target["email_conversion_per_click"][place], orders, misfit=conversions()))
    prices = catalogue()
    letter, call = (prices[medium].price_per_thousand.value / DOLLAR for medium in ("post", "phone"))
    cells += [
        scaled(_("price of 1,000 letters in USD"), target["letter_cpm_usd"], letter),
        scaled(_("price of a call in USD, own list"), target["call_cost_usd"][0], call / 1_000),
        scaled(_("price of a call in USD, prospects"), target["call_cost_usd"][1], call / 1_000),
    ]
    return Table(
        "direct_response_dma_2012", _("Answers to letters, calls and e-mails"), tuple(cells), over_markets(),
        _("The catalogue is set to the answers of a firm's own list; those of purchased files arise from addresses "
          "that fail and interests that lie further off. Prices are scaled to what a class spends: wages are not "
          "American ones."),
    )  # fmt: skip


def _rows(medium: str, *, prospects: bool) -> list[dict[str, float]]:
    """Return what was counted in each market: at the firm's own file, or at a purchased one where there is any."""
    if not prospects:
        return [ran(name, medium) for name in markets()]
    rows = []
    for name in markets():
        files = market(name, medium).recipe.files
        rows += [ran(name, medium, label) for label, file in files.items() if file.kind == "purchased"][:1]
    return rows


def _strange() -> str:
    return _("in the engine strangers differ from customers in interests and addresses alone")


def name_table() -> Table:
    """Hold two plans that differ in the reader's name alone against the field experiments."""
    target = published()["personalisation_email"]
    changes = []
    for name in markets():
        plain, named = (
            [ran(name, "email", personal=said, seed=seed) for seed in _SEEDS] for said in (False, True)
        )
        changes.append(
            [_rate(named, count) / _rate(plain, count) - 1 for count in ("opened", "clicked", "unsubscribed")]
        )
    opens, leads, leaves = (list(each) for each in zip(*changes, strict=True))
    cells = (
        across(_("opens, relative"), target["opens"], opens, "set"),
        across(_("leads, relative (clicks: a fixed share of them are leads)"), target["leads"], leads, "set"),
        across(_("unsubscribes, relative"), target["unsubscribes"], leaves, "set"),
    )
    return Table(
        "personalisation_email", _("The reader's name in an e-mail"), cells, over_markets(),
        _("Two plans on the same people with the same luck; the logits in the recipes are set after the experiments."),
    )  # fmt: skip


def _rate(rows: list[dict[str, float]], count: str) -> float:
    """Return a count over deliveries, of all runs together."""
    return sum(row[count] for row in rows) / sum(row["delivered"] for row in rows)


def frequency_table() -> Table:
    """Hold what few and many e-mails a month earn against the number that a retailer found best."""
    target = published()["email_frequency"]
    best = [_earned(name, target["best"]) for name in markets()]
    cells = []
    for month, value in zip(target["others"], target["profit"], strict=True):
        seen = [_earned(name, month) / most - 1 for name, most in zip(markets(), best, strict=True)]
        title = _("value of {month} e-mails a month, relative to {best}").format(
            month=month, best=target["best"]
        )
        cells.append(across(title, value, seen, "fitted" if month > target["best"] else "free"))
    return Table(
        "email_frequency", _("How many e-mails are too many"), tuple(cells), over_markets(),
        _("Everybody in the firm's own file is written to for twelve weeks. The catalogue's e-mail loses attention "
          "beyond the best number, as fast as the paper's profit falls at ten; the paper counts a customer's lifetime, "
          "we count the value of a campaign."),
    )  # fmt: skip


def _earned(name: str, month: float) -> float:
    """Return a campaign's value where everybody in the firm's own file gets so many e-mails a month."""
    world = market(name, "email")
    channel, house = world.recipe.channels["email"], Flight("email", 1)
    listed = sum(lay_out(world, Plan(flights=[house]), 0).census.weights(house, channel, 0, -1))
    money = month / _WEEKS_A_MONTH * _QUARTER * listed * channel.price_per_thousand.value / 1_000
    plan = Plan(flights=[Flight("email", money)], weeks=_QUARTER, lawful=False)
    return mean(float(simulate(world, plan, seed).kpis()["value"]) for seed in _SEEDS)
