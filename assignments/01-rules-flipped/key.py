"""The answer key of Assignment 1, "The rules flipped": truths, and the mistakes that have a name."""

import narrowcast as nc
from narrowcast.judge import Key

key = Key("01-rules-flipped", world="hcmc-fashion")

# The quote of q3; the same numbers stand in the text of the assignment.
BUDGET = 10_000_000  # VND
BROADCAST_LIFT = 0.8  # incremental orders per 1,000 contacts on television
LIFT_MATCH = 3.0  # lift of a contact that meets its segment, over a television contact's
LIFT_MISMATCH = 0.4  # lift of a contact that misses it, over a television contact's


@key.choice(
    "q1",
    points=2,
    options={
        "appeal": ("old", "new"),
        "edition": ("old", "new"),
        "everyone": ("old", "new"),
        "famous": ("old", "new"),
        "prospects": ("old", "new"),
        "voice": ("old", "new"),
    },
    hints=("Ask of each rule: does it begin with everybody, or with somebody?",),
)
def sort_rules(world):
    """Three rules begin with everybody (appeal, reach, recognition), three with somebody in particular."""
    return {
        "appeal": "old",
        "edition": "new",
        "everyone": "old",
        "famous": "old",
        "prospects": "new",
        "voice": "new",
    }


@sort_rules.mistake("L1", credit=0)
def swapped_sides(world):
    """Every rule is on the wrong side: the old rules broadcast to everybody, the new ones narrowcast."""
    return {
        "appeal": "new",
        "edition": "old",
        "everyone": "new",
        "famous": "new",
        "prospects": "old",
        "voice": "old",
    }


@key.number(
    "q2",
    points=2,
    unit="share",
    between=(0, 1),
    hints=(
        "A conversion rate is orders over visits.",
        "The shop has one rate: add up the orders, add up the visits, then divide.",
    ),
)
def overall_conversion(world):
    """Orders over visits, all segments together."""
    return world.segments["orders"].sum() / world.segments["visits"].sum()


@overall_conversion.mistake("M1", credit=0.5)
def unweighted_mean(world):
    """You averaged the rates of the segments: weight each by its visits."""
    return (world.segments["orders"] / world.segments["visits"]).mean()


@overall_conversion.mistake("L2", credit=0.5)
def weighted_by_customers(world):
    """You weighted the rates by customers: the weight of a rate is its own denominator, the visits."""
    segments = world.segments
    rates, people = segments["orders"] / segments["visits"], segments["customers"]
    return (rates * people).sum() / people.sum()


@overall_conversion.mistake("L3", credit=0.25)
def per_customer(world):
    """You divided by customers: a conversion rate is orders per visit."""
    return world.segments["orders"].sum() / world.segments["customers"].sum()


def margin_per_order(world):
    """Return what an order of last year left after the cost of the goods, on average over orders (VND)."""
    segments = world.segments
    margin = segments["order_value"] * segments["margin_rate"]
    return (segments["orders"] * margin).sum() / segments["orders"].sum()


def advantage(world, *, search_price, precision, margin):
    """Return the margin that the budget brings in search, less what it brings on television (VND)."""
    television_price = world.channels.loc["television", "price_per_thousand"]
    aimed_lift = BROADCAST_LIFT * (precision * LIFT_MATCH + (1 - precision) * LIFT_MISMATCH)
    extra_orders = BUDGET / search_price * aimed_lift - BUDGET / television_price * BROADCAST_LIFT
    return extra_orders * margin


def as_quoted(world, margin):
    """Return the advantage of search at its own price and precision (VND)."""
    search = world.channels.loc["search"]
    return advantage(
        world, search_price=search["price_per_thousand"], precision=search["precision"], margin=margin
    )


@key.number(
    "q3",
    points=2,
    unit="VND",
    between=(-1_000_000_000, 1_000_000_000),
    tolerance=0.0005,  # tighter than usual: in some markets the mistakes come close
    hints=(
        "How many thousand contacts does the budget buy on each channel?",
        "A contact in search lifts precision x 3.0 + (1 - precision) x 0.4 times as much as one on television.",
        "The budget is the same on both sides, so only the margin of the extra orders differs.",
    ),
)
def search_advantage(world):
    """Thousands of contacts, times orders per thousand, times margin per order: search less television."""
    return as_quoted(world, margin_per_order(world))


@search_advantage.mistake("M2", credit=0.5)
def prices_ignored(world):
    """You gave search as many contacts as television: precision and price a thousand decide together."""
    return advantage(
        world,
        search_price=world.channels.loc["television", "price_per_thousand"],
        precision=world.channels.loc["search", "precision"],
        margin=margin_per_order(world),
    )


@search_advantage.mistake("M2", credit=0.5)
def perfect_aim(world):
    """You let every contact in search meet its segment: some miss, and those lift 0.4 times as much."""
    search = world.channels.loc["search"]
    return advantage(
        world, search_price=search["price_per_thousand"], precision=1.0, margin=margin_per_order(world)
    )


@search_advantage.mistake("M1", credit=0.5)
def unweighted_margin(world):
    """You averaged the margins of the segments: weight each by its orders."""
    return as_quoted(world, (world.segments["order_value"] * world.segments["margin_rate"]).mean())


@search_advantage.mistake("M10", credit=0.25)
def revenue_for_margin(world):
    """You counted revenue: what an order is worth to the shop is its margin."""
    segments = world.segments
    revenue = (segments["orders"] * segments["order_value"]).sum() / segments["orders"].sum()
    return as_quoted(world, revenue)


@search_advantage.mistake("L4", credit=0.5)
def television_less_search(world):
    """The sign is turned round: search less television, negative where search brings less."""
    return -as_quoted(world, margin_per_order(world))


QUOTES = (
    (2.0, 3.0, 0.4),  # the lesson's shop
    (1.0, 3.0, 0.4),  # targeting for the price of television
    (4.3, 3.0, 0.4),  # never: above 1
    (0.3, 3.0, 0.4),  # always: below 0
    (2.0, 1.1, 0.9),  # the soft drink
    (1.5, 2.0, 0.0),  # a miss does nothing
    (2.5, 5.0, -0.2),  # a miss does harm
    (3.0, 3.0, 1.0),  # exactly 1
    (2.0, 1.5, 1.5),  # aiming changes nothing: None
    (2.0, 0.4, 3.0),  # aiming makes it worse: None
)


@key.function(
    "q4",
    points=4,
    takes=("price_ratio", "lift_match", "lift_mismatch"),
    examples=QUOTES,
    hints=(
        "Write what a dong brings in either kind of advertising, set both equal, and solve for the precision.",
        "Do not cut the result off: above 1 it says never, below 0 it says always.",
        "Test for the case without an answer first, and return None there.",
    ),
)
def breakeven(world):
    """(price_ratio - lift_mismatch) / (lift_match - lift_mismatch), or None where aiming does not help."""

    def truth(price_ratio, lift_match, lift_mismatch):
        if lift_match <= lift_mismatch:
            return None
        return (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)

    return truth


@breakeven.mistake("M2", credit=0.25)
def price_ignored(world):
    """Your answer is the same whatever targeting costs: put the price ratio where a 1 stands now."""

    def wrong(price_ratio, lift_match, lift_mismatch):
        if lift_match <= lift_mismatch:
            return None
        return (1 - lift_mismatch) / (lift_match - lift_mismatch)

    return wrong


@breakeven.mistake("L5", credit=0.25)
def upside_down(world):
    """Your fraction stands on its head: the dearer the targeting, the higher the precision it needs."""

    def wrong(price_ratio, lift_match, lift_mismatch):
        if lift_match <= lift_mismatch or price_ratio == lift_mismatch:
            return None
        return (lift_match - lift_mismatch) / (price_ratio - lift_mismatch)

    return wrong


@breakeven.mistake("L6", credit=0.25)
def misses_do_nothing(world):
    """You let a contact that misses do nothing: it still lifts a little, and that lowers the bar."""

    def wrong(price_ratio, lift_match, lift_mismatch):
        if lift_match <= lift_mismatch:
            return None
        return price_ratio / lift_match

    return wrong


@breakeven.mistake("L7", credit=0.5)
def cut_to_a_share(world):
    """You cut the result off at 0 and 1: then "never" looks like "only with perfect aim"."""

    def wrong(price_ratio, lift_match, lift_mismatch):
        if lift_match <= lift_mismatch:
            return None
        return min(1.0, max(0.0, (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)))

    return wrong


@breakeven.mistake("L8", credit=0.75)
def always_a_number(world):
    """Your formula is right; where a match does not lift more than a mismatch, return None."""

    def wrong(price_ratio, lift_match, lift_mismatch):
        return (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)

    return wrong


CAMPAIGN = 20_000_000  # VND for q5, editions included


def equal_split(world):
    """Return the naive plan: the money in equal parts on television and on social media for each segment."""
    part = CAMPAIGN / (1 + len(world.segments))
    aimed = [nc.Flight("social", spend=part, to=name) for name in world.segments.index]
    return nc.Plan("equal split", flights=[nc.Flight("television", spend=part), *aimed])


@key.plan(
    "q5",
    points=6,
    budget=CAMPAIGN,
    weeks=4,
    seeds=(7_301, 7_302),
    hints=(
        "Where does one more order leave most: order value times margin rate, times the chance to buy?",
        "Each further million on the same flight brings less: look at the next million, not at the average.",
        "The same people on another channel start afresh: compare its first million with your last one.",
    ),
)
def allocate(world):
    """You found where the next dong does most: few plans do better in your market."""
    return equal_split(world)


@allocate.mistake("M3")
def largest_segment(world):
    """You gave all to the largest segment: multiply its orders by what each of them leaves."""
    name = world.segments["customers"].idxmax()
    return nc.Plan("largest", flights=[nc.Flight("social", spend=CAMPAIGN, to=name)])


@key.written(
    "q6",
    points=4,
    rubric=(
        "Evidence: at least two numbers, each from a named market and a named run or work.",
        "Causal wording: compares with no campaign; what merely goes together is not called an effect.",
        "Business consequence: says what the shop or the drink should do next, and under which condition.",
        "Limitation: names one thing left out, and which way it would move the answer.",
    ),
)
def is_broadcast_dead(world):
    """A good answer says for whom broadcast is dear and for whom it is cheap, and what would change its mind."""
