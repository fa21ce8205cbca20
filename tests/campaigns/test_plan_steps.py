"""The steps of a plan, each a small thing that keeps its own rules."""

from __future__ import annotations

import math

import pytest

from narrowcast.campaigns import (
    Files,
    Flight,
    Launch,
    Measurement,
    Metric,
    Objectives,
    Organisation,
    Plan,
    Step,
    Supplier,
    Target,
    Task,
    indicators_of,
)
from narrowcast.campaigns import __all__ as exported
from narrowcast.campaigns.indicators import INDICATORS
from narrowcast.errors import NarrowcastError, PlanError, UnknownName
from narrowcast.language import speaking
from narrowcast.worlds.media import Medium


class TestSteps:
    def test_there_are_eight_in_the_order_of_the_text(self):
        assert [step.value for step in Step] == [
            "objectives", "target", "channels", "file", "message", "organisation", "launch", "measure",
        ]  # fmt: skip
        assert [step.number for step in Step] == list(range(1, 9))

    def test_a_step_is_its_english_name_and_speaks_the_readers_language(self, monkeypatch):
        monkeypatch.setattr("narrowcast.campaigns.steps._", lambda word: f"<{word}>")
        with speaking("vi"):
            assert Step.FILE == "file"
            assert (str(Step.FILE), f"{Step.FILE:>8}", f"{Step.FILE}") == (
                "<file>",
                "  <file>",
                "<file>",
            )
            assert "<file>: x" in str(PlanError(Step.FILE, "x"))


def test_what_is_exported_is_sorted_and_there():
    import narrowcast.campaigns as floor

    capitals = [name for name in exported if name.isupper()]
    classes = [name for name in exported if name[0].isupper() and not name.isupper()]
    rest = [name for name in exported if name[0].islower()]
    assert exported == [*sorted(capitals), *sorted(classes), *sorted(rest)]
    assert all(hasattr(floor, name) for name in exported)


class TestObjectives:
    def test_a_dict_is_short_for_metrics(self):
        assert Objectives({"orders": 200, "cac": 90_000}).metrics == (
            Metric("orders", 200),
            Metric("cac", 90_000),
        )

    def test_a_channels_indicator_is_no_goal_of_the_business(self):
        with pytest.raises(PlanError, match=r"step objectives: open_rate belongs to a channel.*indicators"):
            Objectives({"open_rate": 0.3})

    @pytest.mark.parametrize("name", ["ordes", "", None, 5, ["orders"]])
    def test_other_names_are_unknown(self, name):
        with pytest.raises(UnknownName, match="business metric"):
            Metric(name, 5)

    @pytest.mark.parametrize("target", [math.nan, math.inf, "5", None, True, 10**400])
    def test_a_value_is_a_number(self, target):
        with pytest.raises(PlanError, match=r"step objectives: orders is"):
            Metric("orders", target)

    @pytest.mark.parametrize("metrics", [5, ["orders"], [("orders", 5)], "orders", [Metric("orders", 1)] * 2])
    def test_what_is_no_list_of_metrics_is_refused(self, metrics):
        with pytest.raises(PlanError, match="step objectives"):
            Objectives(metrics)

    def test_cost_is_to_stay_below_and_orders_are_to_rise_above(self):
        assert Metric("cac", 10).reached(9)
        assert not Metric("cac", 10).reached(11)
        assert Metric("orders", 10).reached(10)
        assert not Metric("orders", 10).reached(9)


class TestOrganisation:
    def test_fees_add_up(self):
        assert Organisation([Supplier("A", fee=5), Supplier("B", fee=7)]).fees == 12

    @pytest.mark.parametrize(
        "make",
        [
            lambda: Supplier(""),
            lambda: Supplier("  "),
            lambda: Supplier("A", fee=-1),
            lambda: Supplier("A", channels=5),
            lambda: Task("", "Lan"),
            lambda: Task("print", ""),
            lambda: Task("print", "Lan", 53),
            lambda: Task("print", "Lan", 0.5),
            lambda: Organisation([5]),
            lambda: Organisation(tasks=["print"]),
            lambda: Organisation(["A", "A"]),
            lambda: Organisation(5),
        ],
    )
    def test_gaps_are_refused(self, make):
        with pytest.raises(PlanError, match="step organisation"):
            make()


class TestLaunch:
    def test_a_checklist_is_a_dict_or_what_is_open(self):
        assert Launch(checklist={"links": True, "spelling": False}).open == ("spelling",)
        assert Launch(checklist=["links"]).open == ("links",)

    @pytest.mark.parametrize(
        "checklist", [5, [5], {"links": 1}, {"links": "yes"}, {5: True}, [("a", True, 1)]]
    )
    def test_anything_else_is_refused(self, checklist):
        with pytest.raises(PlanError, match="step launch"):
            Launch(checklist=checklist)


class TestMeasurement:
    def test_when_it_is_read(self):
        assert Measurement(read=4).read == (4,)
        assert Measurement(read=[8, 4, 8]).read == (4, 8)

    @pytest.mark.parametrize(
        ("fields", "kind"),
        [({"attribution": "lst"}, "attribution model"), ({"indicators": ["clickrate"]}, "indicator")],
    )
    def test_unknown_names_are_told(self, fields, kind):
        with pytest.raises(UnknownName, match=f"no {kind}"):
            Measurement(**fields)

    @pytest.mark.parametrize("read", [0, 53, [1.5], "4", {4: 1}, True])
    def test_a_week_is_a_week(self, read):
        with pytest.raises(PlanError, match="step measure"):
            Measurement(read=read)


def test_every_medium_has_indicators_of_its_own():
    assert set(INDICATORS) == set(Medium.__args__)
    assert "open_rate" in indicators_of("email")
    assert "open_rate" not in indicators_of("television")
    with pytest.raises(UnknownName):
        indicators_of("fax")


class TestPlan:
    def test_a_quick_plan_has_every_step(self):
        plan = Plan(flights=Flight("social", 5))
        assert (plan.objectives, plan.target, plan.file) == (Objectives(), Target(), Files())
        assert (plan.organisation, plan.launch, plan.measurement) == (Organisation(), Launch(), Measurement())
        assert (plan.start, plan.most, plan.lawful) == (0, None, True)

    @pytest.mark.parametrize(("start", "weeks"), [(51, 1), (0, 52), (40, 12)])
    def test_it_may_end_with_the_year(self, start, weeks):
        assert Plan(start=start, weeks=weeks).start == start

    @pytest.mark.parametrize(("start", "weeks"), [(51, 2), (1, 52), (52, 1), (-1, 1), (1.5, 1), ("1", 1)])
    def test_but_not_later(self, start, weeks):
        with pytest.raises(PlanError, match="step launch"):
            Plan(start=start, weeks=weeks)

    def test_a_schedule_has_a_weight_for_each_week(self):
        flight = Flight("social", 5, schedule=[1, 2])
        assert Plan(flights=flight, weeks=2).flights == (flight,)
        with pytest.raises(PlanError, match=r"social has a schedule of 2 weeks; the plan has 4"):
            Plan(flights=flight)

    @pytest.mark.parametrize(
        "field", ["objectives", "target", "file", "organisation", "launch", "measurement"]
    )
    @pytest.mark.parametrize("value", [None, 5, {}, "trend", Plan()])
    def test_a_step_is_of_its_own_kind(self, field, value):
        with pytest.raises(PlanError, match=r"Write \w+\(...\), or leave it out"):
            Plan(**{field: value})

    @pytest.mark.parametrize("fields", [{"most": -1}, {"most": "5"}, {"lawful": 1}, {"name": "x" * 2001}])
    def test_the_rest_is_checked_too(self, fields):
        with pytest.raises(PlanError):
            Plan(**fields)

    def test_new_fields_are_named_not_counted(self):
        with pytest.raises(TypeError):
            Plan("a", (), 4, 0.0, "profit", 3)

    def test_equal_plans_are_one_key(self):
        made = [
            Plan(target=Target(segments), file=Files(purchased=files), launch=Launch(hours))
            for segments, files, hours in [(["a"], ["y", "x"], [9, 17]), ("a", ("x", "y"), (9, 17.0))]
        ]
        assert len(set(made)) == 1


@pytest.mark.parametrize("kind", [Objectives, Target, Files, Organisation, Launch, Measurement])
@pytest.mark.parametrize("value", [5, None, b"x", math.nan, object(), {"a": object()}, [object()], [[1]]])
def test_nothing_but_our_own_error_comes_out(kind, value):
    for field in kind.__dataclass_fields__:
        try:
            hash(kind(**{field: value}))
        except NarrowcastError:
            continue
