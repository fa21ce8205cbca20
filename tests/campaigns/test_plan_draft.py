"""A draft keeps what is entered, says what is wrong, and ends as a plan."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Message, Offer, Plan, Step, Supplier, Task
from narrowcast.campaigns.draft import ALLOWED
from narrowcast.errors import PlanError, UnknownName


def full(world):
    return (
        Plan.draft(world)
        .fill("objectives", name="Spring", metrics={"orders": 40, "profit": 1_000_000}, why="Stock is high.")
        .fill("target", segments=["trend"])
        .fill(
            "channels",
            flights=[Flight("email", 100, "trend"), Flight("social", 50, "trend")],
            most=10_000_000,
        )
        .fill("file", house=True)
        .fill("message", messages={"email/trend": Message("trend", form=0.9, personal=True)})
        .fill("organisation", suppliers=[Supplier("Mill", "mail")], tasks=[Task("write", "Lan", -2, "Mill")])
        .fill("launch", start=3, weeks=6, checklist={"links": True})
        .fill("measure", holdout=0.2, indicators=["click_rate"], read=6)
    )


def states(draft):
    return dict(draft.progress()["state"])


def test_eight_steps_make_a_plan(fashion):
    draft = full(fashion)
    assert draft.problems().empty
    assert set(states(draft).values()) == {"done"}
    plan = draft.finish()
    assert (plan.name, plan.start, plan.weeks, plan.holdout, plan.most) == ("Spring", 3, 6, 0.2, 10_000_000)
    assert plan.flights[0].message == Message("trend", form=0.9, personal=True)
    assert plan.flights[1].message == Message("trend")
    assert plan.organisation.tasks[0].supplier == "Mill"
    plan.fits(fashion)


@pytest.mark.parametrize("step", list(Step))
def test_a_step_left_out_is_named(fashion, step):
    draft = full(fashion).clear(step.value)
    assert states(draft)[step.value] == "open"
    with pytest.raises(
        PlanError, match=rf'{step.value}: it is not filled in yet. Write draft.fill\("{step.value}"'
    ):
        draft.finish()


def test_an_empty_draft_is_open_everywhere(fashion):
    draft = Plan.draft(fashion)
    assert list(states(draft)) == [step.value for step in Step]
    assert set(states(draft).values()) == {"open"}
    assert list(draft.problems()["step"]) == list(Step)
    assert set(draft.problems()["severity"]) == {"error"}


def test_the_order_of_filling_does_not_matter(fashion):
    straight = full(fashion)
    turned = Plan.draft(fashion)
    for step in reversed(list(Step)):
        turned.fill(step.value, **straight.entries[step.value])
    assert turned.finish() == straight.finish()


def test_defaults_of_a_step_are_taken_by_filling_in_nothing(fashion):
    draft = full(fashion).clear("launch").fill("launch")
    assert draft.finish().start == 0


WRONG = {
    "objectives": {"metrics": {"open_rate": 1}, "objective": "fame"},
    "target": {"segments": 5, "personas": {}},
    "channels": {"flights": "social", "most": -1},
    "file": {"house": "yes", "purchased": 5},
    "message": {"messages": {"fax": "trend"}, "offers": 5},
    "organisation": {"suppliers": 5, "tasks": ["print"]},
    "launch": {"start": -1, "weeks": 99, "hours": (9, 8), "checklist": 5, "lawful": "no"},
    "measure": {"holdout": math.nan, "indicators": "opens", "attribution": "best", "read": 0},
}


@pytest.mark.parametrize(("step", "name"), [(s, n) for s, names in WRONG.items() for n in names])
def test_what_is_wrong_is_kept_and_told_and_costs_nothing_else(fashion, step, name):
    draft = full(fashion).fill(step, **{name: WRONG[step][name]})
    before = full(fashion).entries
    assert draft.entries == {**before, step: {**before[step], name: WRONG[step][name]}}
    assert states(draft)[step] == "wrong"
    assert step in set(draft.problems()["step"])
    with pytest.raises(PlanError):
        draft.finish()
    right = before[step].get(name)
    assert (
        draft.clear(step)
        .fill(step, **{**before[step], name: right} if right is not None else before[step])
        .finish()
    )


def test_every_wrong_entry_of_a_step_is_told_at_once(fashion):
    draft = full(fashion).fill("launch", **WRONG["launch"])
    assert len(draft.problems()) == 5


EMAILS = [Flight("email", 100, "trend"), Flight("email", 50, "loyal"), Flight("sms", 50, "trend")]
SIX_WEEKS = [Flight("email", 100, "trend", schedule=[1] * 6), Flight("social", 50, "trend")]
ONE_MISTAKE = [
    # of names, which flights, messages, suppliers and indicators share
    ({"channels": {"flights": [Flight("email", 100, "tend"), Flight("social", 50, "tend")]}}, "target", "'tend'"),
    ({"channels": {"flights": [Flight("emial", 100, "trend"), Flight("social", 50, "trend")]},
      "organisation": {"suppliers": [Supplier("Mill", channels="email")], "tasks": []}}, "channels", "'emial'"),
    ({"channels": {"flights": [Flight("television", 100, "tend")]}, "target": {"segments": []},
      "measure": {"indicators": []}}, "target", "television reaches everybody"),
    ({"message": {"messages": "tend"}}, "message", "'tend'"),
    ({"organisation": {"suppliers": [Supplier("Mill", channels="fax")], "tasks": []}},
     "organisation", "no channel 'fax'"),
    # of files, which every flight that sends would take
    ({"file": {"purchased": "fashion-lover"}, "channels": {"flights": EMAILS}, "message": {"messages": None}},
     "file", "no purchased file 'fashion-lover'"),
    ({"file": {"house": False}, "channels": {"flights": EMAILS}, "message": {"messages": None}},
     "file", "email/trend, email/loyal, sms/trend take addresses from 'house'"),
    # of what could not be read, where defaults stand in for it
    ({"channels": {"flights": "social"}}, "channels", "flights must be a list"),
    ({"channels": {"flights": "social"},
      "organisation": {"suppliers": [Supplier("Mill", channels="email")], "tasks": []}},
     "channels", "flights must be a list"),
    ({"organisation": {"suppliers": 5}}, "organisation", "suppliers is 5"),
    ({"file": {"house": False, "purchased": 5}}, "file", "purchased is 5"),
    ({"measure": {"holdout": 5}}, "measure", "holdout is 5"),
    ({"launch": {"weeks": 99}, "channels": {"flights": SIX_WEEKS}}, "launch", "weeks is 99"),
    ({"launch": {"weeks": 99, "start": 50}}, "launch", "weeks is 99"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "step", "word"), ONE_MISTAKE)
def test_a_mistake_is_told_once_at_its_own_step(fashion, entries, step, word):
    draft = full(fashion)
    for name, changes in entries.items():
        draft.fill(name, **changes)
    table = draft.problems()
    assert [str(one) for one in table["step"]] == [step]
    assert word in table["problem"][0]
    with pytest.raises(PlanError, match=r"missing or wrong: 1\."):
        draft.finish()


def test_a_misspelt_entry_is_told_and_not_what_lacks_it(fashion):
    draft = full(fashion).clear("measure").fill("measure", holdut=0.1)
    assert draft.problems()["problem"].str.contains("no entry 'holdut'").tolist() == [True]


@pytest.mark.parametrize("step", list(Step))
def test_of_a_step_left_out_nothing_else_is_told(fashion, step):
    draft = full(fashion).fill("channels", flights=SIX_WEEKS).clear(step.value)
    assert [(row.step, row.problem) for row in draft.problems().itertuples()] == [
        (step, "it is not filled in yet.")
    ]


def test_several_mistakes_are_each_told(fashion):
    draft = full(fashion).fill("channels", flights=[Flight("emial", 1, "tend")], most=-1)
    draft.fill("target", segments="tend", personas="nobody").fill("measure", holdout=5)
    told = [(str(row.step), row.problem[:30]) for row in draft.problems().itertuples()]
    assert told == [
        ("target", "There is no segment 'tend'. Di"),
        ("target", "There is no persona 'nobody'. "),
        ("channels", "most is -1, which is outside 0"),
        ("channels", "There is no channel 'emial'. D"),
        ("measure", "holdout is 5; it must be a num"),
    ]


def test_a_wrong_schedule_hides_nothing_else(fashion):
    flights = [Flight("sms", 100, "trend", schedule=[1, 2])]
    draft = full(fashion).fill("channels", flights=flights).fill("file", purchased="fashion-lovers")
    draft.fill("launch", hours=(20, 24)).clear("message").fill("message")
    told = [(str(row.step), row.severity, row.problem) for row in draft.problems().itertuples()]
    assert [one[:2] for one in told] == [
        ("channels", "error"), ("file", "warning"), ("launch", "error"), ("measure", "warning"),
    ]  # fmt: skip
    assert "sms/trend has a schedule of 2 weeks; the plan has 6." in told[0][2]
    assert "uses a purchased file" in told[1][2]
    assert "runs from 20 to 24 h" in told[2][2]
    with pytest.raises(PlanError, match=r"missing or wrong: 2\."):
        draft.finish()
    assert draft.entries["channels"]["flights"] == flights


def test_messages_are_judged_beside_a_wrong_schedule(fashion):
    draft = full(fashion).fill("channels", flights=[Flight("email", 100, "trend", schedule=[1, 2])])
    draft.fill("message", messages={"fax": "trend"})
    assert [str(step) for step in draft.problems()["step"]] == ["channels", "message"]


def test_a_late_start_is_judged_by_the_weeks_beside_it(fashion):
    late = {"start": 50, "weeks": 2}
    for entries in (late, dict(reversed(late.items()))):
        draft = full(fashion).clear("launch").fill("launch", **entries)
        assert draft.problems().empty
        assert draft.finish().start == 50


def test_a_misspelt_entry_is_kept_and_told(fashion):
    draft = full(fashion).fill("measure", holdut=0.1)
    assert draft.entries["measure"]["holdut"] == 0.1
    assert "Did you mean 'holdout', 'unit'?" in draft.problems()["problem"][0]


@pytest.mark.parametrize("step", ["schedule", "", None, 5, "Target", ["target"]])
def test_a_step_that_is_none_of_the_eight_is_refused_and_nothing_is_lost(fashion, step):
    draft = full(fashion)
    before = draft.entries
    for ask in (draft.fill, draft.clear):
        with pytest.raises(UnknownName, match="There is no step"):
            ask(step)
    assert draft.entries == before


def test_the_callers_list_is_the_callers(fashion):
    segments = ["trend"]
    draft = full(fashion).fill("target", segments=segments)
    segments.append("nobody")
    draft.entries["target"]["segments"] = 5
    assert draft.finish().target.segments == ("trend",)


def test_a_generator_is_read_once_and_kept(fashion):
    draft = full(fashion).fill("channels", flights=(f for f in [Flight("social", 1, "trend")]))
    draft.clear("message").fill("message")
    assert draft.finish() == draft.finish()
    assert len(draft.finish().flights) == 1


def test_one_message_and_one_offer_for_all(fashion):
    flights = (
        full(fashion)
        .fill("channels", most=None)
        .fill("message", messages="loyal", offers=Offer("loyal"))
        .finish()
        .flights
    )
    assert {flight.message for flight in flights} == {Message("loyal")}
    assert {flight.offer for flight in flights} == {Offer("loyal")}


def test_a_purchased_file_reaches_the_flights_that_send(fashion):
    draft = full(fashion).fill("file", house=False, purchased="fashion-lovers")
    email, social = draft.finish().flights
    assert (email.files, social.files) == (("fashion-lovers",), ())
    both = full(fashion).fill("file", purchased="fashion-lovers").finish().flights[0]
    assert both.files == ("fashion-lovers", "house")


def test_law_and_budget_are_checked_while_writing(fashion):
    draft = full(fashion).fill("launch", hours=(5, 9)).fill("channels", flights=[Flight("sms", 100)], most=50)
    draft.clear("message").fill("message")
    assert set(draft.problems()["step"]) >= {Step.CHANNELS, Step.LAUNCH}
    assert full(fashion).fill("launch", lawful=False).finish().lawful is False


def test_warnings_do_not_stop(fashion):
    draft = full(fashion).fill("launch", checklist={"links": False})
    assert set(draft.problems()["severity"]) == {"warning"}
    assert states(draft)["launch"] == "done"
    assert draft.finish()


class TestMarkdown:
    def test_it_shows_every_step_and_problem(self, fashion):
        page = full(fashion).fill("measure", holdout=5)._repr_markdown_()
        assert page.count("\n|") == 9
        assert "email/trend 100" in page
        assert "**error, measure:**" in page

    def test_a_mistake_that_another_step_shows_is_on_the_page(self, fashion):
        page = full(fashion).clear("target").fill("channels", flights=[Flight("email", 1, "tend")])
        assert "**error, target:** There is no segment 'tend'." in page._repr_markdown_()
        assert "not filled in" not in page._repr_markdown_()

    @pytest.mark.parametrize(
        "nasty", ["<script>alert(1)</script>", "a|b|c", "x\n\n# big", "**bold**", "`code`", "$x$"]
    )
    def test_words_of_the_student_stay_words(self, fashion, nasty):
        page = full(fashion).fill("objectives", why=nasty).fill("target", segments=nasty)._repr_markdown_()
        assert nasty not in page
        table = [line for line in page.splitlines() if line.startswith("|")]
        assert len(table) == 10
        assert {line.count("|") for line in table} == {5}


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([(s.value, n) for s, names in ALLOWED.items() for n in (*names, "odd")]),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
            | st.lists(st.text(max_size=3)) | st.just(pd.DataFrame({"a": [1]})) | st.just({"a": 1}),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_whatever_is_entered_is_kept_and_answered(fashion, entries):
    draft = full(fashion)
    for (step, name), value in entries:
        draft.fill(step, **{name: value})
        assert name in draft.entries[step]
    assert isinstance(draft.problems(), pd.DataFrame)
    assert isinstance(draft._repr_markdown_(), str)
    try:
        plan = draft.finish()
    except PlanError:
        assert "error" in set(draft.problems()["severity"])
    else:
        plan.fits(fashion)
