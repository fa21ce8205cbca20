"""Plans drawn by hypothesis: anything that the constructors accept."""

from __future__ import annotations

from hypothesis import strategies as st

from narrowcast.campaigns import (
    Files,
    Flight,
    Launch,
    Measurement,
    Message,
    Metric,
    Objectives,
    Offer,
    Organisation,
    Plan,
    Supplier,
    Target,
    Task,
)

WORDS = st.text(max_size=12)
NAMES = st.text(min_size=1, max_size=12).filter(lambda word: word.strip())
MONEY = st.integers(0, 10**15)
SHARES = st.floats(0, 1)
HOURS = st.none() | st.tuples(st.integers(0, 11), st.integers(12, 24))
MESSAGES = st.builds(
    Message, st.none() | WORDS, SHARES, SHARES, st.floats(0, 0.9), st.booleans(), st.booleans()
)


@st.composite
def flights(draw: st.DrawFn, number: int, weeks: int) -> Flight:
    schedule = st.lists(st.floats(0.5, 9), min_size=weeks, max_size=weeks)
    return Flight(
        f"{draw(WORDS)}{number}",
        draw(MONEY),
        draw(st.none() | WORDS),
        draw(MESSAGES),
        draw(st.builds(Offer, st.none() | WORDS)),
        files=draw(st.lists(WORDS, max_size=3)),
        consented=draw(st.booleans()),
        after=draw(st.sampled_from([None, "open", "click", "lead", "visit"])),
        within=draw(st.integers(1, 52)),
        schedule=draw(st.none() | schedule),
        bid=draw(st.none() | MONEY),
        reward=draw(MONEY),
        cap=draw(st.none() | st.integers(1, 1000)),
        hours=draw(HOURS),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    weeks = draw(st.integers(1, 8))
    suppliers = st.lists(
        st.builds(Supplier, NAMES, WORDS, st.lists(WORDS, max_size=2), MONEY),
        max_size=2,
        unique_by=lambda s: s.name,
    )
    metrics = st.dictionaries(st.sampled_from(["orders", "profit", "cac"]), st.floats(-1e15, 1e15))
    return Plan(
        draw(WORDS),
        [draw(flights(number, weeks)) for number in range(draw(st.integers(0, 3)))],
        weeks,
        draw(st.floats(0, 0.9)),
        draw(st.sampled_from(["profit", "orders", "advocates", "recognition"])),
        start=draw(st.integers(0, 52 - weeks).filter(lambda week: week < 52)),
        most=draw(st.none() | MONEY),
        lawful=draw(st.booleans()),
        objectives=Objectives([Metric(*pair) for pair in draw(metrics).items()], draw(WORDS)),
        target=Target(draw(st.lists(WORDS, max_size=2)), draw(st.lists(WORDS, max_size=2)), draw(WORDS)),
        file=Files(draw(st.booleans()), draw(st.lists(WORDS, max_size=2))),
        organisation=Organisation(
            draw(suppliers),
            draw(st.lists(st.builds(Task, NAMES, NAMES, st.integers(-52, 52), WORDS), max_size=2)),
        ),
        launch=Launch(draw(HOURS), draw(st.lists(st.tuples(WORDS, st.booleans()), max_size=2))),
        measurement=Measurement(
            draw(st.lists(st.sampled_from(["click_rate", "cpm"]), max_size=2)),
            draw(st.sampled_from(["first", "shapley"])),
            draw(st.lists(st.integers(1, 52), max_size=2)),
        ),
    )
