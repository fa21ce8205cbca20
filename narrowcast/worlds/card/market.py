"""What is offered in the market, by whom, and when people buy."""

from __future__ import annotations

import math

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.card.markdown import code, section, table
from narrowcast.worlds.card.words import figure, media, money, months, paid_for, percent, source, times
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.whom import precision_of, reach_of

__all__ = ["benchmarks", "channels", "competitors", "products", "season"]


def channels(recipe: Recipe) -> str:
    """Return the ways to reach people, and their prices."""
    kinds = {"broadcast": _("broadcast"), "narrowcast": _("narrowcast")}
    bought = paid_for()
    rows = [
        [
            code(name),
            in_course(channel.title),
            kinds[channel.kind],
            _("push") if channel.push else _("pull"),
            bought[channel.pays_for],
            money(channel.price_per_thousand.value, recipe.currency),
            _share(reach_of(channel)),
            _share(precision_of(channel)) if channel.kind == "narrowcast" else "–",
        ]
        for name, channel in recipe.channels.items()
    ]
    header = [_("Channel"), _("Name"), _("Kind"), _("Push or pull"), _("Money buys"), _("Price of 1,000")]
    header += [_("Reach"), _("Precision")]
    guide = _(
        "Where money buys clicks or sales, an auction, a commission or a reward makes the price: the figure is what "
        "1,000 contacts come to, for comparison."
    )
    compared = {channel.pays_for for channel in recipe.channels.values()} & {"clicks", "sales"}
    meant = _(
        "Reach is the share of people whom a channel can meet at all. Precision is the share of contacts bought "
        "for a segment that meet it; broadcast does not aim."
    )
    others = _(
        "Whom messages and calls can meet is a matter of addresses, and what buyers hand on goes to their friends: "
        "there is no reach to be told."
    )
    lacking = any(math.isnan(reach_of(channel)) for channel in recipe.channels.values())
    notes = (meant, others if lacking else "", guide if compared else "")
    return section(_("Channels"), table(header, rows, right=(5, 6, 7)), *notes)


def _share(value: float) -> str:
    """Return a share in percent; a dash for none."""
    return "–" if math.isnan(value) else percent(value)


def products(recipe: Recipe) -> str:
    """Return what is sold, with price and margin."""
    rows = []
    for name, product in recipe.products.items():
        price, cost = product.price.value, product.unit_cost.value
        amounts = [money(amount, recipe.currency) for amount in (price, cost, price - cost)]
        rows.append([code(name), in_course(product.title), *amounts, percent((price - cost) / price)])
    header = [_("Product"), _("Name"), _("Price"), _("Unit cost"), _("Margin"), _("Margin, share of price")]
    return section(_("Products"), table(header, rows, right=(2, 3, 4, 5)))


def competitors(recipe: Recipe) -> str:
    """Return the other brands, their prices, and how loud each is in which medium."""
    brands = recipe.competitors
    rows = [
        [
            code(name),
            f"**{in_course(brand.title)}.** {in_course(brand.description)}",
            times(brand.price_index.value),
        ]
        for name, brand in brands.items()
    ]
    heard = [medium for medium in media() if any(medium in brand.share_of_voice for brand in brands.values())]
    voices = []
    for medium in heard:
        shares = [brand.share_of_voice.get(medium) for brand in brands.values()]  # type: ignore[call-overload]
        left = 1 - sum(share.value for share in shares if share is not None)
        told = ["–" if share is None else percent(share.value) for share in shares]
        voices.append([media()[medium], *told, percent(max(left, 0))])
    titles = [in_course(brand.title) for brand in brands.values()]
    right = range(1, len(titles) + 2)
    return section(
        _("Competitors"),
        table([_("Competitor"), _("Who they are"), _("Prices, compared with ours")], rows, right=(2,)),
        _("Share of voice: of all that the trade shows in a medium, the part that is each brand's."),
        table([_("Medium"), *titles, _("Ours and all others'")], voices, right=right),
    )


def benchmarks(recipe: Recipe) -> str:
    """Return the figures of the trade that goals can be held against, with their sources."""
    rows = [
        [
            in_course(benchmark.title),
            figure(benchmark.figure),
            in_course(benchmark.figure.unit),
            source(benchmark.figure),
        ]
        for benchmark in recipe.benchmarks.values()
    ]
    return section(_("Benchmarks"), table([_("What"), _("Figure"), _("Unit"), _("Source")], rows, right=(1,)))


def season(recipe: Recipe) -> str:
    """Return how busy each month is."""
    row = [_("Factor"), *(f"{factor:.2f}" for factor in recipe.history.seasonality.values)]
    told = _("How busy a month is, as a multiple of a mean month.")
    return section(_("Season"), told, table([_("Month"), *months()], [row], right=range(1, 13)))
