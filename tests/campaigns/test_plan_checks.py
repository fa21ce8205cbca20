"""Checks before launch: what cannot run is an error with a cure, what is unwise a warning."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from plan_examples import plans

from narrowcast.campaigns import (
    Files,
    Flight,
    Launch,
    Measurement,
    Organisation,
    Plan,
    Step,
    Supplier,
    Target,
    Task,
)
from narrowcast.campaigns.problems import COLUMNS
from narrowcast.errors import NarrowcastError, PlanError, UnknownName
from narrowcast.worlds import open_world

EMAIL = Flight("email", 100, "trend")


def rows(plan, world, step=None, severity=None):
    frame = plan.check(world)
    for column, wanted in (("step", step), ("severity", severity)):
        if wanted is not None:
            frame = frame[frame[column] == wanted]
    return list(frame["problem"])


def test_a_sound_plan_has_no_problems(fashion):
    frame = Plan(flights=[EMAIL], holdout=0.1).check(fashion)
    assert frame.empty
    assert tuple(frame.columns) == COLUMNS


@pytest.mark.parametrize(
    ("plan", "step", "word"),
    [
        (Plan(flights=[Flight("emial", 1)]), "channels", "'email'"),
        (Plan(flights=[Flight("email", 1, "tend")]), "target", "'trend'"),
        (Plan(flights=[Flight("email", 1, files="fashion-lover")]), "file", "'fashion-lovers'"),
        (Plan(target=Target("loyl")), "target", "'loyal'"),
        (Plan(target=Target(personas="nobody")), "target", "no persona"),
        (Plan(file=Files(purchased="house")), "file", "no purchased file 'house'"),
        (
            Plan(organisation=Organisation([Supplier("A", channels=["fax"])])),
            "organisation",
            "no channel 'fax'",
        ),
        (Plan(organisation=Organisation(["Ann"], [Task("x", "y", supplier="An")])), "organisation", "'Ann'"),
    ],
)
def test_unknown_names_are_told_where_they_stand(fashion, plan, step, word):
    assert any(word in text for text in rows(plan, fashion, step, "error"))
    with pytest.raises(UnknownName):
        plan.fits(fashion)


def test_a_name_that_is_wrong_twice_is_told_once(fashion):
    flights = [Flight("email", 1, "tend"), Flight("sms", 1, "tend", offer="tend", message="loyl")]
    assert [row[:27] for row in rows(Plan(flights=flights), fashion, severity="error")] == [
        "There is no segment 'tend'.",
        "There is no segment 'loyl'.",
    ]


@pytest.mark.parametrize(
    ("flight", "step"),
    [
        (Flight("television", 1, "trend"), "target"),
        (Flight("television", 1, after="visit"), "channels"),
        (Flight("search", 1, after="visit"), "channels"),
        (Flight("referral", 1, after="visit"), "channels"),
        (Flight("social", 1, bid=5), "channels"),
        (Flight("email", 1, reward=5), "channels"),
        (Flight("display", 1, files="house"), "file"),
        (Flight("search", 1, cap=5), "launch"),
        (Flight("social", 1, hours=(9, 17)), "launch"),
    ],
)
def test_a_channel_is_not_asked_for_what_it_cannot_do(fashion, flight, step):
    plan = Plan(flights=[flight])
    frame = plan.check(fashion)
    errors = frame[frame["severity"] == "error"]
    assert list(errors["step"]) == [step]
    assert errors["cure"].str.len().min() > 0
    with pytest.raises(PlanError, match=f"step {step}"):
        plan.fits(fashion)


@pytest.mark.parametrize(
    "flight",
    [
        Flight("email", 1, "trend", after="visit", files="house", cap=2, hours=(9, 17)),
        Flight("phone", 1, "trend", after="open", cap=1, hours=(9, 12)),
        Flight("display", 1, "trend", after="visit"),
        Flight("search", 1, bid=500),
        Flight("referral", 1, reward=50_000),
        Flight("qr", 1, reward=50_000),
    ],
)
def test_what_a_channel_can_do_passes(fashion, flight):
    Plan(flights=[flight]).fits(fashion)


class TestMoney:
    def test_all_that_costs_counts(self, fashion):
        plan = Plan(
            flights=[Flight("email", 100, "trend", offer="trend", files="fashion-lovers"), EMAIL],
            organisation=Organisation([Supplier("A", fee=7)]),
        )
        rows_bought = 50  # half as many as there are customers
        assert plan.cost(fashion) == 200 + fashion.edition_cost + 900 * rows_bought + 7
        assert Plan(file=Files(purchased="fashion-lovers")).cost(fashion) == 900 * rows_bought

    def test_a_file_is_bought_once(self, fashion):
        flights = [Flight(channel, 0, files="fashion-lovers") for channel in ("email", "sms")]
        assert Plan(flights=flights).cost(fashion) == Plan(flights=flights[:1]).cost(fashion)

    def test_an_overrun_is_told_with_the_sum(self, fashion):
        plan = Plan(flights=[Flight("social", 100)], most=70)
        assert plan.check(fashion)["cure"][0] == "Spend 30 less."
        with pytest.raises(PlanError, match=r"step channels: it costs 100, .* there is 70"):
            plan.fits(fashion)
        Plan(flights=[Flight("social", 70)], most=70).fits(fashion)

    def test_a_flight_without_money_and_a_plan_without_flights_are_warned_of(self, fashion):
        assert any("no money" in text for text in rows(Plan(flights=[Flight("social", 0)]), fashion))
        assert any("nothing will be done" in text for text in rows(Plan(), fashion, severity="warning"))
        Plan().fits(fashion)


class TestFile:
    def test_flights_and_step_must_agree(self, fashion):
        bought = Flight("email", 1, "trend", files="fashion-lovers")
        with pytest.raises(PlanError, match=r"step file: email/trend takes addresses from 'house'"):
            Plan(flights=[EMAIL], file=Files(house=False, purchased="fashion-lovers")).fits(fashion)
        Plan(flights=[bought], file=Files(house=False, purchased="fashion-lovers")).fits(fashion)
        Plan(flights=[bought]).fits(fashion)  # a quick plan says nothing of files

    def test_a_file_for_nothing_is_warned_of(self, fashion):
        plan = Plan(flights=[EMAIL], file=Files(purchased="fashion-lovers"))
        assert any("no flight uses it" in text for text in rows(plan, fashion, "file", "warning"))

    def test_prospecting_chooses_target_and_file_together(self, fashion):
        everybody = Flight("email", 1, files="fashion-lovers")
        assert any(
            "looks for new customers" in text for text in rows(Plan(flights=[everybody]), fashion, "target")
        )
        aimed = Plan(flights=[everybody], target=Target("trend"), file=Files(purchased="fashion-lovers"))
        assert not any("looks for new customers" in text for text in rows(aimed, fashion))
        assert aimed.prospecting
        twice = Plan(flights=[everybody, Flight("sms", 1, files="fashion-lovers")])
        assert rows(twice, fashion, "target") == [
            "email@fashion-lovers, sms@fashion-lovers look for new customers without saying which."
        ]
        assert not Plan().prospecting


class TestPricesOfTheCatalogue:
    """They are those of markets of 20,000 people."""

    def told(self, world, channel):
        return [
            row for row in rows(Plan(flights=[Flight(channel, 10**6)]), world, "channels") if "price" in row
        ]

    def test_in_a_smaller_market_they_are_warned_of(self):
        software = open_world("saas-b2b").with_media("search")
        (row,) = self.told(software, "search")
        assert row.startswith(
            "search has the catalogue's price, which holds in markets of some 20,000 people;"
        )
        assert "this one has 600" in row
        Plan(flights=[Flight("search", 10**6)]).fits(software)

    def test_its_own_channels_have_prices_of_their_own(self):
        assert self.told(open_world("saas-b2b").with_media("search"), "linkedin") == []
        assert self.told(open_world("saas-b2b"), "linkedin") == []

    def test_in_a_market_of_the_usual_size_or_drawn_as_large_they_hold(self, fashion):
        assert self.told(fashion, "seo") == []  # a hundred people, a sample of 20,000
        assert self.told(open_world("saas-b2b", customers=20_000).with_media("seo"), "seo") == []


def test_nobody_of_the_target_lives_here(fashion):
    from narrowcast.worlds import World, draw_population

    tiny = World(fashion.recipe, draw_population(fashion.recipe, 1, 0), 0)
    found = [
        s for s in fashion.recipe.segments if rows(Plan(flights=[Flight("social", 1, s)]), tiny, "target")
    ]
    assert len(found) == len(fashion.recipe.segments) - 1


def test_a_core_segment_without_a_flight_is_warned_of(fashion):
    plan = Plan(flights=[EMAIL], target=Target(["trend", "loyal"]))
    assert rows(plan, fashion, "target") == ["'loyal' is at the core, and no flight is for it."]


class TestMeasure:
    def test_without_a_holdout_nothing_is_known(self, fashion):
        assert any("held out" in text for text in rows(Plan(flights=[EMAIL]), fashion, "measure", "warning"))

    def test_looking_again_and_again_is_warned_of(self, fashion):
        plan = Plan(flights=[EMAIL], holdout=0.1, measurement=Measurement(read=[1, 2, 3]))
        assert any("read 3 times" in text for text in rows(plan, fashion, "measure", "warning"))

    def test_an_indicator_of_no_channel_is_warned_of(self, fashion):
        plan = Plan(flights=[EMAIL], holdout=0.1, measurement=Measurement(["cpm", "open_rate"]))
        assert rows(plan, fashion, "measure") == ["no channel of the plan has the indicator cpm."]


def test_open_points_and_idle_suppliers_are_warned_of(fashion):
    plan = Plan(
        flights=[EMAIL],
        holdout=0.1,
        organisation=Organisation([Supplier("Print & Co", channels=["post"])]),
        launch=Launch(checklist={"links": False, "prices": True}),
    )
    assert [str(step) for step in plan.check(fashion)["step"]] == ["organisation", "launch"]


def test_problems_come_in_the_order_of_the_steps_errors_first(fashion):
    plan = Plan(
        flights=[Flight("television", 0, "tend", bid=3, cap=3)], most=0, launch=Launch(checklist=["x"])
    )
    frame = plan.check(fashion)
    order = [(list(Step).index(row.step), row.severity) for row in frame.itertuples()]
    assert order == sorted(order)


@pytest.mark.parametrize("world", [None, 5, "hcmc-fashion", Plan()])
def test_a_world_is_a_world(world):
    for ask in (Plan().check, Plan().fits, Plan().cost, Plan.draft):
        with pytest.raises(PlanError, match="is no world"):
            ask(world)


@settings(max_examples=60)
@given(plan=plans())
def test_any_plan_is_judged_and_only_our_errors_come_out(fashion, plan):
    frame = plan.check(fashion)
    assert set(frame["severity"]) <= {"error", "warning"}
    try:
        plan.fits(fashion)
    except NarrowcastError:
        assert "error" in set(frame["severity"])
    else:
        assert "error" not in set(frame["severity"])
