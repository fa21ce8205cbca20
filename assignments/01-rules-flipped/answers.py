"""What students write in Assignment 1: code that is right, and code that is wrong in a way that has a name.

None of it was made from the answer key: a right answer follows the question's text, a wrong one the words
in which a teacher would tell the mistake. That the key comes to the same marks is what a demo class shows.
"""

from __future__ import annotations

from collections.abc import Mapping

from narrowcast.grade.story import Spending, as_code

__all__ = [
    "EQUAL",
    "ESSAY",
    "GOOD",
    "LARGEST",
    "NUMPY",
    "RIGHT",
    "SOUND",
    "TOO_DEAR",
    "q3",
    "q4",
]

GOOD: Spending = (
    ("television", 5_800_000, "loyal"),
    ("social", 7_000_000, "loyal"),
    ("search", 1_400_000, "loyal"),
    ("display", 5_800_000, "loyal"),
)
SOUND: Spending = (
    ("social", 11_000_000, "loyal"),
    ("display", 2_000_000, "loyal"),
    ("social", 3_000_000, "trend"),
    ("search", 4_000_000, "loyal"),
)
EQUAL: Spending = (
    ("television", 5_000_000, None),
    ("social", 5_000_000, "bargain"),
    ("social", 5_000_000, "loyal"),
    ("social", 5_000_000, "trend"),
)
LARGEST: Spending = (("social", 20_000_000, "bargain"),)
TOO_DEAR: Spending = (("social", 20_000_000, "loyal"), ("search", 10_000_000, "loyal"))

ESSAY = """\
Broadcast is not dead; it is dear for some and cheap for others.

In the market of Mây Fashion television costs less a thousand than search, but a contact in search that meets
its segment lifts orders three times as much. In the lesson's run for Sông Xanh the groups want nearly the same,
so aiming brought hardly more orders than television at half the price.

I call an order caused by a campaign only if it is missing in the run without it. Mây Fashion should move money
to paid search as long as the precision stays above break-even; Sông Xanh should stay on television until its
groups drift apart.

Prices here do not rise when everybody aims at the same people. In a real auction they would, and that would
move the answer towards broadcast."""


def q3(
    *,
    price: str = 'search["price_per_thousand"]',
    precision: str = 'search["precision"]',
    order: str = '(shop["orders"] * shop["order_value"] * shop["margin_rate"]).sum() / shop["orders"].sum()',
    sign: str = "",
) -> str:
    """Return the code for q3; each argument is a place where students go wrong."""
    return f"""\
shop, search, television = world.segments, world.channels.loc["search"], world.channels.loc["television"]
left_per_order = {order}
precision = {precision}
lift = precision * 3.0 + (1 - precision) * 0.4
in_search = 10_000_000 / {price} * 0.8 * lift
on_television = 10_000_000 / television["price_per_thousand"] * 0.8
search_advantage = {sign}(in_search - on_television) * left_per_order"""


def q4(
    formula: str = "(price_ratio - lift_mismatch) / (lift_match - lift_mismatch)",
    *,
    when: str = "lift_match <= lift_mismatch",
    then: str = "None",
) -> str:
    """Return the code for q4; each argument is a place where students go wrong."""
    return f"""\
def breakeven(price_ratio, lift_match, lift_mismatch):
    if {when}:
        return {then}
    return {formula}"""


RIGHT: Mapping[str, str] = {
    "q1": """\
rules = {
    "appeal": "old",
    "edition": "new",
    "everyone": "old",
    "famous": "old",
    "prospects": "new",
    "voice": "new",
}""",
    "q2": """\
visits = world.segments["visits"].sum()
orders = world.segments["orders"].sum()
conversion_rate = orders / visits""",
    "q3": q3(),
    "q4": q4(),
    "q5": as_code(GOOD),
}

NUMPY: Mapping[str, str] = {
    "q1": """\
names = ["appeal", "edition", "everyone", "famous", "prospects", "voice"]
rules = dict(zip(names, [" Old", "NEW", "old", "old ", "new", "New"]))""",
    "q2": """\
import pandas as pd

counts = world.segments[["orders", "visits"]].to_numpy()
conversion_rate = pd.Series([counts[:, 0].sum() / counts[:, 1].sum()])""",
    "q3": "import numpy as np\n\n" + q3() + "\nsearch_advantage = np.array([[search_advantage]])",
    "q4": """\
import numpy as np

breakeven = lambda price_ratio, lift_match, lift_mismatch: (
    None if lift_match <= lift_mismatch
    else np.divide(np.float64(price_ratio - lift_mismatch), lift_match - lift_mismatch)
)""",
    "q5": "import numpy as np\n\n" + as_code(GOOD, "np.float64({})"),
}
"""The same answers as `RIGHT`, by somebody who thinks in arrays."""
