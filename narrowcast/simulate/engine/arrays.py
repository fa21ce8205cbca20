"""What goes into a region's weeks and what comes out, as arrays of records: the engine's only vocabulary.

Records and not many arrays: a compiled function that is given dozens of arrays spends its time on handing them on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "CHANNEL", "CLOSEST", "COUNTED", "EMAIL", "EVENT", "FIRSTS", "FLIGHT", "FLIGHT_SUMS", "NEVER", "OWN", "PERSON",
    "PHONE", "POST", "RULES", "SEGMENT", "SLOTS", "STATE", "TIE", "TRACE_FLIGHT", "TRACE_WEEK", "TYPES", "Results",
    "no_results",
]  # fmt: skip

Array = npt.NDArray[Any]

COUNTED = ("contacts", "noticed", "visits", "orders", "revenue", "margin", "advocated", "told")
"""What is counted of each week, in this order; of each customer, too (see `Results.of`)."""

FIRSTS = ("contacts", "noticed", "visits", "orders", "advocated")
"""What is remembered of each customer: the week in which it first happened."""

FLIGHT_SUMS = (
    "contacts", "bounced", "delivered", "noticed", "machine_opens", "clicked", "leads", "unsubscribed", "complaints",
    "visits", "orders", "tracked_orders", "tracked_revenue", "shares", "told", "self_referred", "paid",
    "lawless", "acquired",
)  # fmt: skip
"""What is counted of each flight and week, in this order.

visits and orders are those that a click led to at once; tracked_orders those that the flight's code or cookie was
credited with; paid is money for commissions and rewards; lawless are deliveries to people who never agreed; acquired
are strangers' first orders.
"""

TYPES = (
    "contact", "bounce", "open", "machine_open", "click", "lead", "unsubscribe", "complaint", "visit", "order",
    "share", "told",
)  # fmt: skip
"""Types of event in the log, by number."""

EMAIL, PHONE, POST = 1, 2, 4
"""Bits of the addresses."""

NEVER = np.int8(-1)
"""In the arrays of first weeks: it did not happen."""

SLOTS = {
    "week": 1,
    "visit": 2,
    "friend": 3,
    "sharer": 4,
    "delivery": 5,
    "contact": 6,
    "holdout": 7,
    "moment": 8,
}
"""Which counter a draw has; those of a flight have the flight's slot above these bits."""

PERSON = np.dtype(
    [
        ("number", "u4"),  # place among the draws
        ("segment", "u1"),
        ("alive", "u1"),  # 1: has not dropped out
        ("agreed", "u1"),  # bits of the addresses (1 e-mail, 2 phone, 4 post) at which they agreed to be met
        ("valid", "u1"),  # bits of the addresses that work
        ("x", "f4"),
        ("y", "f4"),  # interests
        ("rate", "f4"),  # visits a week at rest, of those who have not dropped out
        ("conversion", "f4"),
        ("dropout", "f4"),  # chance to drop out after an order (BG/NBD's p)
        ("scale", "f4"),  # money of one unit of the gamma-gamma spend
        ("sponsor", "i2"),  # place in the region of who brought them, -1 for nobody
        ("begin", "i4"),  # first of their ties
        ("degree", "u2"),  # how many they have
        ("stranger", "u1"),  # 1: has never bought
        ("file", "u2"),  # bit of the contact file they are in
        ("past", "u2"),  # orders of the last year, for CUPED
    ]
)
TIE = np.dtype([("friend", "u2"), ("closeness", "u2")])
"""A friend's place in the region, and how close the two are; kept small, for a market has several times as many ties
as customers."""

CLOSEST = 65_535
"""The closeness of a `TIE` that stands for 1."""

STATE = np.dtype(
    [
        ("alive", "u1"),  # at the end
        ("gone", "u1"),  # bits of the addresses whose list they left
        ("mailed", "i2"), ("clicked", "i2"), ("left_number", "i2"), ("cookie_week", "i2"),  # last weeks
        ("tired_week", "i2"),  # the week in which `fatigue` was true
        ("fatigue", "f4"),
    ]
)  # fmt: skip
OWN = (
    "x", "y", "rate", "conversion", "dropout",  # as in PERSON
    "worth", "gain",  # mean price of an order, and the margin in it
    "suits",  # match of the product for everybody
    "word",  # friends' words of the weeks before that still count
    "rest", "ease",  # this season's mean visits a week at rest, and the chance of any
    "orders", "margin",  # what the chances have promised so far
)  # fmt: skip
"""What is asked of everybody every week, in single precision: rows of one array, so that a loop runs along people."""

FLIGHT = np.dtype(
    [
        ("slot", "u8"),  # place among the draws, from what the flight's name says alone
        ("channel", "i4"),
        ("sent", "u1"),  # 1: sends are scheduled; 0: contacts fall by chance
        ("address", "u1"),  # bit of the address needed
        ("mail", "u1"),
        ("special", "u1"),  # the offer is not the product for everybody
        ("sharing", "u1"),  # 0 nobody passes it on, 1 buyers do, 2 those who noticed it do
        ("after", "u1"),  # 0 nothing, 1 open e-mail, 2 click, 3 lead, 4 visit
        ("within", "i2"),
        ("pending", "i2"),  # row among the flights that are passed on, -1 for the others
        ("trigger", "i2"),  # row among the flights that wait for something, -1 for the others
        ("cap", "i8"),
        ("quota", "f8"),  # what the region's part of the money pays for: sends, or money for commissions and rewards
        ("limited", "u1"),  # 1: nothing more happens once the quota is used up
        ("money", "f8"),  # for clicks, the region's part of a week's money; 0 for no limit
        ("click_cost", "f8"), ("share_cost", "f8"), ("reward", "f8"),
        ("aim_x", "f8"), ("aim_y", "f8"), ("offer_x", "f8"), ("offer_y", "f8"),
        ("incentive", "f8"),
        ("notice", "f8"),  # logit at no match, clutter included
        ("click", "f8"), ("click_match", "f8"),  # logit at a match of one half, and per unit of match
        ("synergy", "f8"),
        ("soft_bounce", "f8"), ("leave", "f8"), ("leave_fatigue", "f8"), ("leave_match", "f8"),
        ("often", "f8"), ("tire", "f8"),  # fatigue that attention does not mind, and how fast it falls beyond
        ("annoyed", "f8"),  # share of those who leave that complain as well
        ("night", "f8"), ("lawful", "i8"),  # share of deliveries at forbidden hours; lawful ones a person and week
        ("complaint", "f8"), ("machine", "f8"), ("lead", "f8"),
        ("cookie_weeks", "f8"), ("cookie_loss", "f8"), ("commission", "f8"),
        ("share", "f8"), ("pass_on", "f8"), ("fraud", "f8"),
        ("drowned", "f8", (33,)),  # what own messages of the week beside this one leave of the odds
    ]
)  # fmt: skip
CHANNEL = np.dtype(
    [("begin", "i4"), ("end", "i4"), ("persuasion", "f8"), ("warm", "f8"), ("retention", "f4"), ("half", "f8"),
     ("exponent", "f8")]
)  # fmt: skip
SEGMENT = np.dtype([("margin", "f8"), ("mean_spend", "f8"), ("step", "f8")])
RULES = np.dtype(
    [
        ("k0", "u8"), ("k1", "u8"),
        ("breadth", "f8"), ("attention", "f8"), ("winback", "f8"), ("gain", "f8"), ("price", "f8"), ("fatigue", "f8"),
        ("synergy_weeks", "f8"), ("advocate", "f8"), ("advocate_match", "f8"), ("word", "f8"), ("word_kept", "f8"),
        ("bond", "f8"),  # multiple of the chance to drop out while one's sponsor is there
    ]
)  # fmt: skip
EVENT = np.dtype(
    [("person", "i4"), ("week", "i2"), ("type", "u1"), ("flight", "i2"), ("count", "i4"), ("value", "i8")]
)
TRACE_WEEK = np.dtype(
    [(name, "f8") for name in (
        "told", "pull", "word", "hazard", "chance", "visits", "orders", "clicks", "advocated", "alive", "leader",
        "revenue",
    )]
)  # fmt: skip
TRACE_FLIGHT = np.dtype(
    [(name, "f8") for name in ("contacts", "delivered", "noticed", "p_notice", "match", "clicked", "p_click", "stock")]
)  # fmt: skip


class Results(NamedTuple):
    """What `live` fills in.

    Attributes
    ----------
    state
        `STATE`, shape (n,).
    weekly
        int64, shape (weeks, 8): `COUNTED` by week.
    flights
        int64, shape (weeks, flights, len(FLIGHT_SUMS)).
    expected
        Shape (segments, 2): orders and margin that the chances promise.
    events, seen
        `EVENT`, as far as there is room, and how many there were (shape (1,)); no room, no log.
    met, acts, money
        `COUNTED` by person: uint32 of shape (2, n), contacts and noticed; uint16 of shape (4, n), visits, orders,
        advocated and told; int64 of shape (2, n), revenue and margin.
    first
        int8, shape (5, n): `FIRSTS` by person.
    """

    state: Array
    weekly: Array
    flights: Array
    expected: Array
    events: Array
    seen: Array
    met: Array
    acts: Array
    money: Array
    first: Array

    def of(self, name: str) -> Array:
        """Return one of `COUNTED` by person, shape (n,)."""
        for rows, names in ((self.met, _MET), (self.acts, _ACTS), (self.money, _MONEY)):
            if name in names:
                column: Array = rows[names.index(name)]
                return column
        raise KeyError(name)


_MET, _ACTS, _MONEY = (
    ("contacts", "noticed"),
    ("visits", "orders", "advocated", "told"),
    ("revenue", "margin"),
)


def no_results(people: int, weeks: int, flights: int, segments: int, events: int) -> Results:
    """Return results to be filled in; nothing has happened yet."""
    state = np.zeros(people, STATE)
    for name in ("mailed", "clicked", "left_number", "cookie_week"):
        state[name] = -1
    return Results(
        state,
        np.zeros((weeks, len(COUNTED)), np.int64),
        np.zeros((weeks, flights, len(FLIGHT_SUMS)), np.int64),
        np.zeros((segments, 2)),
        np.zeros(events, EVENT),
        np.zeros(1, np.int64),
        np.zeros((2, people), np.uint32),
        np.zeros((4, people), np.uint16),
        np.zeros((2, people), np.int64),
        np.full((len(FIRSTS), people), NEVER),
    )
