"""The practice key of Lesson 1, "The rules flipped": nothing here is marked."""

import narrowcast as nc
from narrowcast.judge import Key

key = Key("01-rules-flipped", world="hcmc-fashion", worlds=("soft-drink",))

BUDGET = 5_000_000  # VND for four weeks; the lesson's campaign


@key.choice("before1", points=0, options=("always", "never", "depends"))
def when_to_aim(world):
    """Price, precision and lift decide together; by the end of the lesson you can say from which number on."""
    return "depends"


@when_to_aim.mistake("M2")
def narrow_always(world):
    """Aiming has a price, and it misses: precision and price a thousand decide. Look again at the end."""
    return "always"


@when_to_aim.mistake("L1")
def narrow_never(world):
    """Twice the price is worth it if it brings more than twice as much. Look again at the end."""
    return "never"


@key.choice("before2", points=0, options=("all", "more", "extra"))
def what_it_caused(world):
    """A campaign caused what would not have come without it, and nothing else: its incremental orders."""
    return "extra"


@what_it_caused.mistake("M16")
def credit_for_all(world):
    """Most of them would have come anyway: people bought in April as well."""
    return "all"


@what_it_caused.mistake("L2")
def before_and_after(world):
    """May differs from April in weather, wages and holidays too: earlier is not the same as without."""
    return "more"


@key.choice("before3", points=0, options=("television", "targeting", "same"))
def the_drink(world):
    """Where all want the same, a message for some does hardly more than one for all, at twice the price."""
    return "television"


@the_drink.mistake("M2")
def aim_at_the_drink(world):
    """Precision and price a thousand decide: here aiming adds next to nothing, at twice the price."""
    return "targeting"


@key.number("bet_orders", points=0, unit="ratio", between=(0, 100), bet=True)
def orders_new_over_old(world):
    """With three contacts in four on target, the dearer contacts came out a little ahead; read on to see why."""
    old = nc.Plan("old", flights=[nc.Flight("television", spend=BUDGET)])
    shares = world.segments["share"]
    new = nc.Plan("new", flights=[nc.Flight("social", spend=BUDGET * shares[s], to=s) for s in shares.index])
    orders = nc.compare(world, old, new, seed=8).loc["incremental_orders"]
    return orders["new"] / orders["old"]


@key.number("bet_precision", points=0, unit="share", between=(0, 1), bet=True)
def precision_needed(world):
    """(2 - 0.4) / (3 - 0.4): about 62 contacts in a hundred have to be right."""
    return nc.breakeven(price_ratio=2, lift_match=3, lift_mismatch=0.4)


@key.choice(
    "flip",
    points=0,
    options=("yesterday", "today", "both", "neither"),
    hints=("Compare the two columns of the table, row by row.",),
)
def where_old_wins(world):
    """In yesterday's market the old rules cause more orders: there one message suits nearly everybody."""
    return "yesterday"


@key.choice(
    "opinion",
    points=0,
    options=("measured", "opinion", "definition"),
    hints=("How many companies were counted, when, and by whom?",),
)
def kind_of_sentence(world):
    """Nobody counted, so it is an opinion; a survey of companies could turn it into a measurement."""
    return "opinion"


REASONS = ("groups", "fit", "clutter")


@key.choice(
    "reasons",
    points=0,
    options={"a": REASONS, "b": REASONS, "c": REASONS},
    hints=("Too many messages, people who differ, or a message made for its reader?",),
)
def match_reasons(world):
    """Clutter hides messages, groups drift apart, and a message that fits is noticed all the same."""
    return {"a": "clutter", "b": "groups", "c": "fit"}


@key.number(
    "numbers",
    points=0,
    unit="contacts",
    between=(0, 1000),
    tolerance=0.05,
    hints=("Television meets the segments as they stand in the market: look at their share.",),
)
def trend_contacts(world):
    """Television cannot choose: contacts fall on a segment by its share of the market, about one in five."""
    return 1000 * world.segments.loc["trend", "share"]


@trend_contacts.mistake("M1")
def a_third(world):
    """You gave each segment the same weight: they differ in size, so weight them by their people."""
    return 1000 / 3


@trend_contacts.mistake("L3")
def as_if_aimed(world):
    """That is what aimed contacts would do: precision belongs to targeted media."""
    return 1000 * world.channels.loc["social", "precision"]


KINDS = ("broadcast", "narrowcast")


@key.choice(
    "media",
    points=0,
    options={"television": KINDS, "social": KINDS, "search": KINDS, "display": KINDS},
    hints=("The column `kind` of `shop.channels` says it.",),
)
def kinds_of_media(world):
    """Television is a mass medium; the other three let the buyer choose whom they meet."""
    return {
        "television": "broadcast",
        "social": "narrowcast",
        "search": "narrowcast",
        "display": "narrowcast",
    }


@key.number(
    "voice",
    points=0,
    unit="share",
    between=(0, 1),
    hints=("Friends' words over all brand messages noticed: the company's and theirs.",),
)
def share_of_voice(world):
    """400 of 10,000: the company still wrote 96% of what people noticed about it."""
    return 400 / (400 + 9_600)


@share_of_voice.mistake("L4")
def part_over_other_part(world):
    """You divided by the company's messages; a share is a part of the whole, so add the friends' words."""
    return 400 / 9_600


PLACES = ("old 1", "old 2", "old 3", "new 1", "new 2", "new 3")


@key.choice(
    "steps",
    points=0,
    options={"a": PLACES, "b": PLACES, "c": PLACES, "d": PLACES, "e": PLACES, "f": PLACES},
    hints=("First the product, then the message, then what is left of both: the name, or the people.",),
)
def place_steps(world):
    """Product, message, memory: old for everybody, new for somebody."""
    return {"a": "new 1", "b": "old 1", "c": "old 2", "d": "new 2", "e": "old 3", "f": "new 3"}


@key.choice("dispute", points=0, options=("dead", "alive", "depends"))
def the_dispute(world):
    """Both sides have evidence, and both markets showed it: the conditions decide."""
    return "depends"


@the_dispute.mistake("M2")
def broadcast_is_dead(world):
    """Then the soft drink should have lost on television, and it won: precision and price a thousand decide."""
    return "dead"


@the_dispute.mistake("L5")
def broadcast_always(world):
    """Then aiming should not have paid for the fashion shop, and it did: its groups want different things."""
    return "alive"


@key.number(
    "half1",
    points=0,
    unit="share",
    between=(0, 1),
    hints=("nc.breakeven(display_ratio, lift_match, lift_mismatch), with the agency's two lifts.",),
)
def display_needs(world):
    """About 39%: a cheap channel may miss more often than not."""
    prices = world.channels["price_per_thousand"]
    return nc.breakeven(prices["display"] / prices["television"], 1.6, 0.2)


@display_needs.mistake("M2")
def display_without_price(world):
    """You left out the price: display costs three quarters of television, so put 0.75 where you had 1."""
    return nc.breakeven(1.0, 1.6, 0.2)


@key.number(
    "half2",
    points=0,
    unit="ratio",
    between=(0, 100),
    hints=("(p m + (1 - p) w) / r, with p = 0.5.",),
)
def display_gain(world):
    """A dong in display brings 1.2 times what it brings on television, though every other contact goes astray."""
    prices = world.channels["price_per_thousand"]
    return (0.5 * 1.6 + 0.5 * 0.2) / (prices["display"] / prices["television"])


@display_gain.mistake("M2")
def display_gain_without_price(world):
    """That is what a contact brings; divide by its price to get what a dong brings."""
    return 0.5 * 1.6 + 0.5 * 0.2


@key.number(
    "core",
    points=0,
    unit="share",
    between=(0, 1),
    hints=("(r - w) / (m - w), with r = 1.5, m = 2.5 and w = 0.5.",),
)
def platform_needs(world):
    """(1.5 - 0.5) / (2.5 - 0.5): from one contact in two on."""
    return 0.5


@platform_needs.mistake("M2")
def platform_without_price(world):
    """You left out the price: these contacts cost 1.5 times as much as television."""
    return (1 - 0.5) / (2.5 - 0.5)


@platform_needs.mistake("L6")
def platform_misses_forgotten(world):
    """You let a contact that goes astray do nothing: it still lifts half as much as television."""
    return 1.5 / 2.5


@key.number(
    "stretch",
    points=0,
    unit="ratio",
    between=(0, 100),
    hints=("The highest price is what a contact brings: p m + (1 - p) w.",),
)
def highest_ratio(world):
    """0.75 x 3 + 0.25 x 0.4: up to 2.35 times the price of television."""
    return 0.75 * 3 + 0.25 * 0.4


@highest_ratio.mistake("M2")
def always_right(world):
    """You let every contact be right: one in four goes astray and brings only 0.4."""
    return 3.0


@highest_ratio.mistake("L6")
def astray_forgotten(world):
    """You let a contact that goes astray do nothing: it still brings 0.4."""
    return 0.75 * 3


QUOTES = (
    (0.75, 2.0, 3.0, 0.4),
    (0.0, 2.0, 3.0, 0.4),
    (1.0, 2.0, 3.0, 0.4),
    (0.5, 0.75, 1.6, 0.2),
    (0.3, 1.0, 5.0, -0.5),
)


@key.function(
    "boss",
    points=0,
    takes=("precision", "price_ratio", "lift_match", "lift_mismatch"),
    examples=QUOTES,
    hints=("Average what a contact brings over hits and misses, then divide by its price.",),
)
def gain(world):
    """(p m + (1 - p) w) / r: the fraction from which the break-even comes."""

    def truth(precision, price_ratio, lift_match, lift_mismatch):
        return (precision * lift_match + (1 - precision) * lift_mismatch) / price_ratio

    return truth


@gain.mistake("M2")
def gain_without_price(world):
    """Your function gives what a contact brings; divide by its price to get what a dong brings."""

    def wrong(precision, price_ratio, lift_match, lift_mismatch):
        return precision * lift_match + (1 - precision) * lift_mismatch

    return wrong


@gain.mistake("L6")
def gain_without_misses(world):
    """You let a contact that goes astray do nothing: add (1 - precision) x lift_mismatch."""

    def wrong(precision, price_ratio, lift_match, lift_mismatch):
        return precision * lift_match / price_ratio

    return wrong


@key.number(
    "recall1",
    points=0,
    unit="share",
    between=(0, 1),
    hints=("Add up the orders, add up the visits, then divide.",),
)
def two_segments(world):
    """30 orders from 1,000 visits: 3%."""
    return (18 + 12) / (900 + 100)


@two_segments.mistake("M1")
def mean_of_two(world):
    """You averaged 2% and 12%: weight each rate by its visits."""
    return (18 / 900 + 12 / 100) / 2


@key.number(
    "recall2",
    points=0,
    unit="VND",
    between=(0, 1_000_000_000),
    hints=("A share of something: multiply.",),
)
def margin_of_an_order(world):
    """400,000 x 0.38: 152,000 dong. From now on an order counts with its margin, not with its revenue."""
    return 400_000 * 0.38


@margin_of_an_order.mistake("L7")
def cost_of_goods(world):
    """That is what the goods cost; asked is what is left."""
    return 400_000 * 0.62


@key.number(
    "recall3",
    points=0,
    unit="contacts",
    between=(0, 1_000_000_000),
    hints=("How many thousands can you buy?",),
)
def contacts_bought(world):
    """50 thousands: 50,000 contacts."""
    return 3_000_000 / 60_000 * 1_000


@contacts_bought.mistake("L8")
def thousands_for_contacts(world):
    """You counted thousands: each of them holds 1,000 contacts."""
    return 3_000_000 / 60_000
