"""A plan is marked by luck that nobody has practised with, as what it says, and no better than it is lawful."""

from __future__ import annotations

from dataclasses import replace

import pytest

from narrowcast.campaigns import Flight, Message, Offer, Organisation, Plan, Supplier
from narrowcast.errors import CourseError
from narrowcast.judge import Key, Reason, plans
from narrowcast.simulate import simulate
from narrowcast.simulate.search import best_found
from narrowcast.simulate.trials import FIRST_MARKING_SEED, VALIDATION
from narrowcast.worlds import open_world

BUDGET = 2_000_000


def made(**more):
    """Return a key with one plan question."""
    key = Key("99-plans", world="hcmc-fashion")

    @key.plan("spend", points=6, budget=BUDGET, **({"seeds": (7_301, 7_302)} | more))
    def spend(world):
        """Well done."""
        return Plan("naive", [Flight("television", 1_000_000), Flight("display", 1_000_000, to="bargain")])

    return key


@pytest.fixture(scope="module")
def mailed():
    """A market whose firm can also write and call."""
    return open_world("hcmc-fashion", customers=2_000).with_media("email", "phone", "referral")


class TestReading:
    def test_every_field_of_a_flight_is_kept(self, mailed):
        full = Flight(
            "phone", 100_000, to="loyal", message=Message("loyal", 0.9, 0.8, 0.05, personal=True), offer=Offer(),
            after="visit", within=3, schedule=(1, 2, 0, 1), cap=1, hours=(9, 17),
        )  # fmt: skip
        others = (Flight("search", 50_000, to="trend", bid=3_000), Flight("referral", 50_000, reward=20_000))
        read = made(craft=True).question("spend").read(Plan("mine", (full, *others)), mailed)
        assert read.flights == (full, *others)

    @pytest.mark.parametrize(
        "work", [{"form": 0.9}, {"incentive": 0.1}, {"personal": True}, {"prewritten": True}]
    )
    def test_where_only_money_is_asked_for_messages_stay_as_they_are(self, mailed, work):
        plan = Plan(flights=[Flight("email", 9, to="loyal", message=Message("loyal", **work))])
        verdict = made().judge("spend", plan, mailed)
        assert verdict.reason is Reason.INVALID
        assert f"sets {next(iter(work))}=" in verdict.message
        assert made(craft=True).question("spend").read(plan, mailed).flights == plan.flights

    def test_nobody_is_held_out_and_the_objective_is_profit(self, mailed):
        plan = Plan("mine", [Flight("email", 9)], holdout=0.4, objective="orders", most=BUDGET)
        read = made().question("spend").read(plan, mailed)
        assert (read.holdout, read.objective, read.most) == (0, "profit", None)

    def test_what_breaks_the_law_cannot_be_marked(self, mailed):
        plan = Plan(flights=[Flight("phone", 9, hours=(22, 24))], lawful=False)
        verdict = made().judge("spend", plan, mailed)
        assert (verdict.reason, verdict.score) == (Reason.INVALID, 0)
        assert "lawful" in verdict.message

    def test_it_starts_now(self, mailed):
        verdict = made().judge("spend", Plan(flights=[Flight("email", 9)], start=3), mailed)
        assert verdict.reason is Reason.INVALID
        assert "starts in week 3. It must start now" in verdict.message

    def test_files_and_fees_are_part_of_the_cost(self, mailed):
        agency = Supplier("Agency", channels=("email",), fee=BUDGET)
        plan = Plan(flights=[Flight("email", 9)], organisation=Organisation(suppliers=(agency,)))
        assert f"costs {BUDGET + 9:,}" in made().judge("spend", plan, mailed).message
        bought = next(name for name, file in mailed.recipe.files.items() if file.kind == "purchased")
        plan = Plan(flights=[Flight("email", BUDGET, to="loyal", files=bought)])
        assert "the budget is" in made().judge("spend", plan, mailed).message

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("weeks", 4.5),
            ("start", "now"),
            ("flights", ("none",)),
            ("name", object()),
            ("weeks", float("nan")),
        ],
    )
    def test_a_plan_that_was_written_into_is_refused(self, mailed, field, value):
        plan = Plan(flights=[Flight("email", 9)])
        object.__setattr__(plan, field, value)
        assert made().judge("spend", plan, mailed).reason is Reason.INVALID

    def test_a_plan_of_a_kind_of_its_own_is_read_as_a_plan(self, mailed):
        class Free(Plan):
            def cost(self, world):
                return 0

        verdict = made().judge("spend", Free(flights=[Flight("email", BUDGET + 1)]), mailed)
        assert "the budget is" in verdict.message


class TestScoring:
    def test_worth_is_the_mean_over_the_seeds_used(self, mailed):
        plan = Plan(flights=[Flight("search", 600_000, to="loyal")])
        evidence = made().judge("spend", plan, mailed).evidence
        seeds = range(7_301, 7_301 + int(evidence["seeds"]))
        values = [simulate(mailed, plan, seed).expected_profit for seed in seeds]
        assert evidence["plan"] == pytest.approx(sum(values) / len(values), abs=1)

    def test_seeds_are_added_until_the_score_is_precise(self, mailed):
        plan = Plan(flights=[Flight("search", 600_000, to="loyal"), Flight("email", 300_000, to="loyal")])
        evidence = made().judge("spend", plan, mailed).evidence
        assert evidence["seeds"] == plans.MOST_SEEDS or evidence["half_width"] <= plans.PRECISE
        more = made(seeds=range(7_301, 7_312)).judge("spend", plan, mailed).evidence
        assert more["seeds"] == 11

    def test_one_seed_is_never_enough_to_say_how_precise(self, mailed):
        plan = Plan(flights=[Flight("search", 600_000, to="loyal")])
        assert made(seeds=(7_301,)).judge("spend", plan, mailed).evidence["seeds"] > 1

    def test_who_beats_the_best_known_plan_raises_it(self, mailed, monkeypatch):
        best, _worth = best_found(mailed, BUDGET, 4, (7_301,))
        monkeypatch.setattr(plans, "plan_found", lambda *_args, **_more: Plan("poor"))
        verdict = made().judge("spend", best, mailed)
        assert verdict.score == 6
        assert verdict.evidence["best"] == verdict.evidence["plan"]

    def test_a_flight_that_loses_is_named(self, mailed):
        lost = Flight("display", 1_000_000, to="loyal", message=Message("loyal", incentive=0.9))
        plan = Plan(flights=[Flight("search", 300_000, to="loyal"), lost])
        verdict = made(craft=True).judge("spend", plan, mailed)
        assert "display/loyal costs more than it brings" in verdict.message

    def test_where_messages_may_be_worked_on_the_best_plan_does_so_too(self, mailed):
        plan = Plan(flights=[Flight("search", 600_000, to="loyal")])
        plain, worked = (made(craft=craft).judge("spend", plan, mailed).evidence for craft in (False, True))
        assert worked["best"] > plain["best"]
        assert worked["plan"] == pytest.approx(plain["plan"], rel=0.2)

    def test_a_plan_with_another_message_is_not_the_mistake(self, mailed):
        question = made().question("spend")
        one = Plan(flights=[Flight("social", 9, to="loyal")])
        assert question.same(one, replace(one, name="other"))
        assert not question.same(
            one, Plan(flights=[Flight("social", 9, to="loyal", message=Message("trend"))])
        )

    @pytest.mark.parametrize("seeds", [(), (1,), (FIRST_MARKING_SEED - 1, 9_000), VALIDATION])
    def test_marks_are_given_on_luck_of_their_own(self, seeds):
        with pytest.raises(CourseError, match="seeds of marking"):
            made(seeds=seeds)
