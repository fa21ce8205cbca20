"""What each medium does, and what the pieces of a plan do to it, as properties of whole runs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.errors import PlanError
from narrowcast.simulate import Outcome, region, simulate
from narrowcast.simulate.engine.arrays import EMAIL, FLIGHT_SUMS, PHONE, TYPES
from narrowcast.simulate.pull import auction
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import World

MILLION = 1_000_000
BOUGHT = "fashion-lovers"


def run(world: World, *flights: Flight, weeks: int = 8, seed: int = 1, **plan: object) -> Outcome:
    return simulate(world, Plan(flights=flights, weeks=weeks, **plan), seed)


def row(outcome: Outcome, name: str | None = None) -> pd.Series:
    """Return the indicators of a flight; of the only one, if none is named."""
    table = outcome.channels(by_flight=True)
    return table.iloc[0] if name is None else table.loc[name]


def weekly(outcome: Outcome, what: str, flight: int = 0) -> np.ndarray:
    return outcome.part.flights[:, flight, FLIGHT_SUMS.index(what)]


def extra(outcome: Outcome, what: str = "orders") -> float:
    """Return what the chances promise beyond doing nothing: little noise."""
    return outcome.expected[what] - outcome.baseline.expected[what]


def log(
    world: World, *flights: Flight, weeks: int = 8, seed: int = 1, **plan: object
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return all events of the first region, and its people."""
    layout = lay_out(world, Plan(flights=flights, weeks=weeks, **plan), seed)
    lived = region.logged(layout, world.regions[0])
    events = pd.DataFrame(lived.results.events[: lived.results.seen[0]])
    events["type"] = np.array(TYPES)[events["type"]]
    events["flight"] = np.array([*(f.name for f in layout.flights), ""])[events["flight"]]
    return events, lived.people


class TestPushAndPull:
    @pytest.mark.parametrize("channel", ["television", "radio", "press", "social", "display"])
    def test_push_meets_as_many_as_are_paid_for(self, every, channel):
        assert every.recipe.channels[channel].push
        one, three = (row(run(every, Flight(channel, m * MILLION)))["contacts"] for m in (1, 3))
        assert three == pytest.approx(3 * one, rel=0.05)

    @pytest.mark.parametrize("channel", ["search", "seo"])
    def test_pull_waits_for_people_to_come(self, every, channel):
        """Money cannot buy more searches than people make."""
        assert not every.recipe.channels[channel].push
        one, hundred = (row(run(every, Flight(channel, m * MILLION)))["contacts"] for m in (10, 1_000))
        assert one == hundred > 0

    @pytest.mark.parametrize("channel", ["referral", "qr"])
    def test_no_order_no_recommendation(self, every, remake, channel):
        """Cards and codes are handed on by buyers alone."""
        assert not every.recipe.channels[channel].push
        events, _people = log(every, Flight(channel, 5 * MILLION, reward=20_000))
        shared = events[(events["type"] == "share") & (events["flight"] == channel)]
        ordered = events[events["type"] == "order"]
        assert len(shared) > 0
        assert set(zip(shared["person"], shared["week"], strict=True)) <= set(
            zip(ordered["person"], ordered["week"], strict=True)
        )


class TestBroadcastAndNarrowcast:
    def test_broadcast_cannot_aim(self, every):
        for channel in ("television", "radio", "press"):
            with pytest.raises(PlanError, match="reaches everybody"):
                run(every, Flight(channel, MILLION, to="trend"))

    def test_a_narrow_message_wins_its_segment_and_loses_the_others(self, every):
        def rates(message):
            table = run(every, Flight("social", 4 * MILLION, message=message)).by("segment")
            return table["noticed"] / table["contacts"]

        broad, narrow = rates(None), rates("trend")
        assert narrow["trend"] > 1.3 * broad["trend"]
        assert narrow["bargain"] < 0.8 * broad["bargain"]

    def test_narrowcast_meets_the_segment_and_broadcast_everybody(self, every):
        narrow = run(every, Flight("email", 100_000, to="trend")).by("segment")["contacts"]
        broad = run(every, Flight("television", MILLION)).by("segment")["contacts"]
        assert narrow["trend"] / narrow.sum() == pytest.approx(0.92, abs=0.03)
        assert broad["trend"] / broad.sum() == pytest.approx(0.2, abs=0.04)


class TestFrequency:
    def test_it_raises_the_stock_but_own_messages_clutter(self, every, remake):
        world = remake(every, channels={"email": {"attention_fatigue": 0.0}})
        rows = [row(run(world, Flight("email", 500 * MILLION, cap=cap))) for cap in (1, 3, 9)]
        assert rows[0]["opened"] < rows[1]["opened"] < rows[2]["opened"]
        assert rows[0]["open_rate"] > rows[1]["open_rate"] > rows[2]["open_rate"]

    def test_more_than_people_bear_is_looked_at_less(self, every, remake):
        """Up to `often` a week nothing is lost; far beyond, more e-mails are opened less often than fewer."""
        patient = remake(every, channels={"email": {"attention_fatigue": 0.0}})
        for cap, bears in ((1, True), (3, False), (9, False)):
            mail = Flight("email", 500 * MILLION, cap=cap)
            seen, without = row(run(every, mail)), row(run(patient, mail))
            assert (seen["opened"] == without["opened"]) == bears
            assert seen["opened"] <= without["opened"]
        opened = [row(run(every, Flight("email", 500 * MILLION, cap=cap)))["opened"] for cap in (2, 9)]
        assert opened[1] < opened[0]

    def test_the_best_number_of_mails_is_a_few_a_month(self, every):
        """Zhang, Kumar and Cosguner 2017: seven a month; with four or ten a shop earns less, as with hundreds."""
        price = every.recipe.channels["email"].price_per_thousand.value
        people = lay_out(every, Plan(flights=[Flight("email", MILLION)]), 0).census.claimed[0, :, 0].sum()

        def value(month):
            spend = month / 4.345 * 12 * people * price / 1_000
            plan = Plan(flights=[Flight("email", spend)], weeks=12, lawful=False)
            return np.mean([simulate(every, plan, seed).kpis()["value"] for seed in range(4)])

        few, best, many = (value(month) for month in (4, 7, 10))
        assert few / best == pytest.approx(0.68, abs=0.08)
        assert many / best == pytest.approx(0.84, abs=0.12)
        assert value(20) < 0.6 * best

    def test_channels_beside_each_other_clutter_too(self, every):
        mail = Flight("email", 2 * MILLION)
        alone = row(run(every, mail), "email")
        beside = row(run(every, mail, Flight("television", 30 * MILLION)), "email")
        assert alone["contacts"] == beside["contacts"]
        assert beside["opened"] < alone["opened"]

    def test_what_it_brings_is_concave(self, every):
        spends = np.array([1, 2, 4, 8, 16])
        brought = [
            np.mean([extra(run(every, Flight("television", m * MILLION), seed=s)) for s in range(4)])
            for m in spends
        ]
        gains = np.diff(brought) / np.diff(spends)
        assert (gains > 0).all()
        assert (np.diff(gains) < 0).all()

    def test_nobody_gets_more_than_the_cap(self, every):
        for cap in (1, 2):
            events, _people = log(every, Flight("email", 500 * MILLION, cap=cap))
            assert events.loc[events["type"] == "contact", "count"].max() == cap
        events, _people = log(every, Flight("phone", 5_000 * MILLION), weeks=2)
        assert events.loc[events["type"] == "contact", "count"].max() == 7  # the law's: one call a day

    def test_a_schedule_puts_the_money_where_it_says(self, every):
        for channel, spend in (("television", MILLION), ("email", 200_000), ("viral", MILLION)):
            outcome = run(every, Flight(channel, spend, schedule=(3, 0, 1, 0)), weeks=4)
            met = weekly(outcome, "contacts") - np.r_[0, weekly(outcome, "told")[:-1]]
            assert met[1] == met[3] == 0
            assert met[0] / met[2] == pytest.approx(3, rel=0.1)

    def test_paid_clicks_follow_the_schedule(self, every):
        even = run(every, Flight("search", 100_000, schedule=(1, 1, 1, 1)), weeks=4)
        uneven = run(every, Flight("search", 100_000, schedule=(4, 0, 0, 4)), weeks=4)
        assert weekly(uneven, "contacts")[1:3].sum() == 0
        assert row(uneven)["contacts"] == pytest.approx(row(even)["contacts"], rel=0.1)


class TestClutter:
    def test_rivals_voices_hide(self, every, remake):
        seen = [
            row(run(remake(every, rivals=r), Flight("television", 3 * MILLION)))["opened"] for r in (0, 1, 4)
        ]
        assert seen[0] > seen[1] > seen[2]

    def test_they_hide_in_the_media_they_use(self, every, remake):
        """Nobody else is in the press: louder rivals elsewhere leave it the quieter place."""
        calm, loud = (run(remake(every, rivals=r), Flight("press", 3 * MILLION)) for r in (0, 4))
        assert row(loud)["opened"] >= row(calm)["opened"]

    def test_a_channel_that_is_there_and_not_used_changes_nothing(self, fashion, every):
        flights = Flight("television", MILLION), Flight("social", MILLION, to="trend")
        few, many = run(fashion, *flights), run(every, *flights)
        assert few.kpis().equals(many.kpis())


class TestLists:
    def test_fatigue_makes_people_leave(self, every, remake):
        """The same deliveries, and more of them end with leaving the list where people tire."""
        never = {"unsubscribe": 0.004, "unsubscribe_fatigue": 0.0}
        calm = remake(every, channels={"email": never})
        weary = remake(every, channels={"email": never | {"unsubscribe_fatigue": 0.35}})
        mail = Flight("email", 500 * MILLION, cap=4)
        once = Flight("email", 500 * MILLION, cap=1)
        first = [weekly(run(world, once), "unsubscribed")[0] for world in (calm, weary)]
        assert first[0] == first[1]  # nobody is tired yet
        first = [weekly(run(world, mail), "unsubscribed")[0] for world in (calm, weary)]
        assert first[1] > 1.2 * first[0]  # by the others of the same week
        rates = [row(run(world, mail))["unsubscribe_rate"] for world in (calm, weary)]
        assert rates[1] > 1.5 * rates[0]

    def test_who_left_is_never_met_again_by_that_address(self, every, remake):
        world = remake(every, channels={"sms": {"unsubscribe": 0.2}})
        flights = Flight("sms", 20 * MILLION), Flight("phone", 300 * MILLION), Flight("email", 5 * MILLION)
        events, _people = log(world, *flights)
        left = (
            events[(events["type"] == "unsubscribe") & (events["flight"] == "sms")]
            .groupby("person")["week"]
            .min()
        )
        assert len(left) > 100
        met = events[events["type"] == "contact"]
        after = met[met["person"].isin(left.index)]
        after = after[after["week"] > after["person"].map(left)]
        assert set(after["flight"]) == {"email"}  # a number that left the list is not called either

    def test_no_consent_no_contact(self, every):
        for channel, bit in (("email", EMAIL), ("sms", PHONE)):
            events, people = log(every, Flight(channel, 20 * MILLION))
            met = events.loc[events["type"] == "contact", "person"].unique()
            assert met.size > 100
            assert (people["agreed"][met] & bit != 0).all()
        outcome = row(run(every, Flight("email", 20 * MILLION)))
        assert outcome["lawless"] == 0
        assert outcome["complaints"] < 0.2 * outcome["unsubscribed"]

    def test_calls_at_night_are_lawless_and_complained_about(self, every):
        calls = {
            hours: row(run(every, Flight("phone", 50 * MILLION, hours=hours), lawful=False))
            for hours in ((8, 17), (13, 21), (0, 5))
        }
        assert calls[8, 17]["lawless"] == 0
        assert calls[13, 21]["lawless"] == pytest.approx(0.5 * calls[13, 21]["delivered"], rel=0.1)
        assert calls[0, 5]["lawless"] == calls[0, 5]["delivered"]
        complaints = [row["complaints"] for row in calls.values()]
        assert complaints[0] < complaints[1] < complaints[2]

    def test_more_than_the_law_allows_is_lawless(self, every):
        legal, beyond = (
            row(run(every, Flight("phone", 5_000 * MILLION, cap=cap), lawful=False, weeks=2))
            for cap in (7, 10)
        )
        assert legal["lawless"] == 0
        assert 0 < beyond["lawless"] < 0.35 * beyond["delivered"]

    def test_a_week_of_mails_at_once_tires_within_the_week(self, every):
        """More mails in one week than people bear are opened less often: hardly more in all."""
        opened, rate = {}, {}
        for cap in (2, 20):
            seen = row(run(every, Flight("email", 500 * MILLION, cap=cap), weeks=1, lawful=False))
            opened[cap], rate[cap] = seen["opened"], seen["open_rate"]
        assert rate[2] > 5 * rate[20]
        assert opened[20] < 2 * opened[2]

    def test_without_consent_more_are_met_and_they_complain(self, every):
        asked = run(every, Flight("email", 20 * MILLION))
        not_asked = run(every, Flight("email", 20 * MILLION, consented=False), lawful=False)
        assert not_asked.kpis()["reached"] > 1.3 * asked.kpis()["reached"]
        assert row(not_asked)["lawless"] > 1_000
        assert not_asked.kpis()["complaints"] > 0

    def test_unlawful_plans_do_not_run(self, every):
        with pytest.raises(PlanError, match="never agreed"):
            run(every, Flight("email", MILLION, consented=False))


class TestDelivery:
    def test_hard_bounces_come_from_addresses_that_do_not_work(self, every, remake):
        world = remake(every, channels={"email": {"soft_bounce": 0.0}})
        events, people = log(world, Flight("email", 3 * MILLION))
        bounced = events.loc[events["type"] == "bounce", "person"].unique()
        met = events.loc[events["type"] == "contact", "person"].unique()
        assert bounced.size > 0
        assert set(bounced) == set(met[people["valid"][met] & EMAIL == 0])

    def test_soft_bounces_hit_anybody_now_and_then(self, every, remake):
        world = remake(every, channels={"email": {"soft_bounce": 0.3}})
        hard, soft = (row(run(w, Flight("email", 3 * MILLION)))["bounce_rate"] for w in (every, world))
        assert soft == pytest.approx(hard + 0.3, abs=0.03)

    def test_whose_letter_came_back_was_not_reached(self, every):
        outcome = run(every, Flight("email", 3 * MILLION))
        met = (outcome.totals["contacts"] > 0).sum()
        assert 0 < met - outcome.kpis()["reached"] < 0.1 * met

    def test_machine_opens_are_no_opens(self, every, remake):
        quiet, loud = (
            run(remake(every, channels={"email": {"machine_opens": share}}), Flight("email", 3 * MILLION))
            for share in (0.0, 0.9)
        )
        assert row(quiet)["machine_opens"] == 0
        assert row(loud)["machine_opens"] > 2 * row(loud)["opened"]
        assert row(quiet)["opened"] == row(loud)["opened"]
        assert quiet.totals["orders"].tolist() == loud.totals["orders"].tolist()
        assert row(loud)["reported_open_rate"] > row(loud)["open_rate"]


@pytest.fixture(scope="module")
def files(every):
    """Return the same mailing to the firm's own file and to a purchased one."""
    house = run(every, Flight("email", MILLION, to="loyal"))
    bought = run(every, Flight("email", MILLION, to="loyal", files=[BOUGHT]), lawful=False)
    return house, bought


class TestPurchasedFiles:
    def test_more_comes_back_and_fewer_answer(self, files):
        house, bought = (row(outcome) for outcome in files)
        assert bought["bounce_rate"] > 5 * house["bounce_rate"]
        assert bought["open_rate"] < 0.8 * house["open_rate"]
        assert bought["click_rate"] < 0.7 * house["click_rate"]

    def test_they_complain_whatever_the_seller_claimed(self, files):
        house, bought = (row(outcome) for outcome in files)
        assert house["lawless"] == 0
        assert house["complaints"] < 0.2 * house["unsubscribed"]  # of those who leave, by the wrong button
        assert bought["lawless"] > 0.8 * bought["delivered"]
        assert bought["complaints"] / bought["delivered"] > 2 * house["complaints"] / house["delivered"]

    def test_strangers_become_customers(self, files, every):
        house, bought = files
        assert house.kpis()["new_customers"] == 0
        assert bought.kpis()["new_customers"] > 0
        assert bought.totals["contacts"].sum() == 0  # no customer is in the file
        lived = region.live_region(lay_out(every, bought.plan, 1), every.regions[0])
        new = (lived.people["stranger"] == 1) & (lived.results.of("orders") > 0)
        assert lived.results.state["alive"][new].any()
        assert not lived.results.state["alive"][(lived.people["stranger"] == 1) & ~new].any()

    def test_the_file_is_paid_for(self, files, every):
        _house, bought = files
        rows = every.recipe.files[BOUGHT]
        assert bought.cost - bought.spent.sum() == pytest.approx(
            rows.size.value * 2_000 * rows.price.value, abs=1
        )

    def test_both_files_at_once(self, every):
        both = run(every, Flight("email", 4 * MILLION, files=[BOUGHT, "house"]), lawful=False)
        strangers = both.part.strangers
        assert both.totals["contacts"].sum() > 0
        assert strangers[6] > 0
        assert both.kpis()["contacts"] == row(both)["contacts"]


class TestFollowingUp:
    def test_leads_of_a_landing_page_are_called(self, every, remake):
        world = remake(every, channels={"email": {"leads": 0.6}})
        events, _people = log(
            world,
            Flight("email", 1.5 * MILLION),
            Flight("phone", 50 * MILLION, after="lead", within=2),
            weeks=10,
        )
        leads = events[events["type"] == "lead"]
        calls = events[(events["type"] == "contact") & (events["flight"] == "lead>phone")]
        assert len(calls) > 20
        when = leads.groupby("person")["week"].agg(set)
        for call in calls.itertuples():
            assert any(1 <= call.week - week <= 2 for week in when[call.person])
        assert calls.groupby("person")["count"].sum().le(when.map(len), fill_value=0).all()  # one call a lead

    @pytest.mark.parametrize(("after", "type_"), [("open", "open"), ("click", "click"), ("visit", "visit")])
    def test_only_those_who_did_it_are_written_to(self, every, after, type_):
        events, _people = log(
            every, Flight("email", 5 * MILLION), Flight("post", 50 * MILLION, after=after, within=1), weeks=6
        )
        did = events[events["type"] == type_]
        did = set(zip(did["person"], did["week"], strict=True))
        letters = events[(events["type"] == "contact") & (events["flight"] == f"{after}>post")]
        assert len(letters) > 20
        assert all((letter.person, letter.week - 1) in did for letter in letters.itertuples())

    def test_banners_follow_visitors_and_cost_what_they_show(self, every):
        events, _people = log(every, Flight("display", MILLION, after="visit", within=2))
        came = events[events["type"] == "visit"].groupby("person")["week"].agg(set)
        shown = events[events["type"] == "contact"]
        assert len(shown) > 100
        assert all(came[banner.person] & {banner.week - 1, banner.week - 2} for banner in shown.itertuples())
        outcome = run(every, Flight("display", MILLION, after="visit", within=2))
        assert outcome.cost == round(row(outcome)["contacts"] * 45)
        tiny = run(every, Flight("display", 2_000, after="visit", within=2))
        assert tiny.cost <= 2_000
        assert 0 < row(tiny)["contacts"] <= 45

    def test_the_money_bounds_the_calls(self, every):
        outcome = run(every, Flight("email", 5 * MILLION), Flight("phone", 300_000, after="open"))
        assert row(outcome, "open>phone")["contacts"] == 20  # at 15,000 dong
        assert row(outcome, "open>phone")["cost"] <= 300_000

    def test_calling_who_opened_costs_less_a_sale_than_calling_everybody(self, every):
        mail = Flight("email", 500_000)
        calls = [Flight("phone", 50 * MILLION, after="open", within=1), Flight("phone", 50 * MILLION)]
        cost, brought = np.zeros(2), np.zeros(2)
        for seed in range(12):
            mailed = run(every, mail, seed=seed)
            for way, call in enumerate(calls):
                outcome = run(every, mail, call, seed=seed)
                cost[way] += outcome.cost - mailed.cost
                brought[way] += extra(outcome) - extra(mailed)
        followed, everybody = cost / brought
        assert followed < 0.8 * everybody

    def test_synergy_is_what_an_open_mail_does_to_a_call(self, every, remake):
        flights = Flight("email", MILLION), Flight("phone", 50 * MILLION)
        without, with_it = (
            row(run(remake(every, response={"synergy": s}), *flights), "phone") for s in (0.0, 1.5)
        )
        assert with_it["opened"] == without["opened"]
        assert with_it["clicked"] > 1.1 * without["clicked"]


class TestMessages:
    def compare(self, world: World, channel: str, message: Message, spend: float = 4 * MILLION):
        plain, other = (run(world, Flight(channel, spend, message=m)) for m in (None, message))
        return plain, other

    def test_an_incentive_sells_more_for_less(self, every):
        plain, cheap = self.compare(every, "email", Message(incentive=0.2))
        assert row(cheap)["clicked"] > 1.3 * row(plain)["clicked"]
        assert extra(cheap) > extra(plain)
        rates = [
            o.part.weekly[:, 5].sum() / o.part.weekly[:, 3].sum() for o in (plain, cheap)
        ]  # margin an order
        assert rates[1] < 0.85 * rates[0]

    def test_too_high_an_incentive_eats_the_margin(self, every):
        plain, free = self.compare(every, "email", Message(incentive=0.9))
        assert free.kpis()["orders"] > plain.kpis()["orders"]
        assert free.kpis()["margin"] < plain.baseline.kpis()["margin"]

    def test_a_name_keeps_people_on_the_list(self, every, remake):
        world = remake(every, channels={"email": {"unsubscribe": 0.05}})
        plain, named = (
            row(outcome) for outcome in self.compare(world, "email", Message(personal=True), MILLION)
        )
        assert named["unsubscribe_rate"] < 0.95 * plain["unsubscribe_rate"]
        assert named["open_rate"] > 1.1 * plain["open_rate"]

    def test_a_name_means_nothing_where_nobody_is_named(self, every):
        plain, named = self.compare(every, "television", Message(personal=True))
        assert plain.kpis().equals(named.kpis())

    @pytest.mark.parametrize("channel", ["display", "social", "email"])
    def test_form_is_clicked(self, every, channel):
        poor, fine = (
            row(run(every, Flight(channel, 9 * MILLION, message=Message(form=form)))) for form in (0.0, 1.0)
        )
        assert fine["clicked"] > 2 * poor["clicked"]
        assert fine["opened"] == pytest.approx(poor["opened"], rel=0.1)

    def test_imagination_is_passed_on(self, every):
        poor, fine = (
            row(run(every, Flight("viral", MILLION, message=Message(form=form)))) for form in (0.0, 1.0)
        )
        assert fine["told"] > 1.5 * poor["told"] > 0

    def test_quality_lifts_a_search_ad(self, every):
        poor, fine = (
            row(run(every, Flight("search", 9 * MILLION, message=Message(form=form)))) for form in (0.1, 1.0)
        )
        assert fine["opened"] > poor["opened"]


class TestCredit:
    FLIGHTS = (Flight("email", 4 * MILLION), Flight("social", 2 * MILLION, to="trend"))

    def test_deleted_cookies_track_nothing(self, every, remake):
        lost = run(remake(every, channel={"cookie_loss": 1.0}), *self.FLIGHTS)
        kept = run(remake(every, channel={"cookie_loss": 0.0}), *self.FLIGHTS)
        assert lost.channels()["tracked_orders"].sum() == 0
        assert kept.channels()["tracked_orders"].sum() > 0
        assert np.array_equal(lost.totals["orders"], kept.totals["orders"])  # nobody buys for a cookie

    def test_a_longer_memory_claims_more_orders(self, every, remake):
        tracked = [
            run(remake(every, channel={"cookie_weeks": w, "cookie_loss": 0.0}), *self.FLIGHTS)
            .channels()["tracked_orders"].sum()
            for w in (0, 2, 8)
        ]  # fmt: skip
        assert tracked[0] < tracked[1] < tracked[2]

    def test_tracked_is_not_caused(self, every):
        """Television is credited with nothing and caused orders."""
        outcome = run(every, Flight("television", 4 * MILLION))
        assert row(outcome)["tracked_orders"] == 0
        assert extra(outcome) > 10

    def test_a_commission_is_paid_for_sales_that_would_have_come_anyway(self, every, remake):
        world = remake(
            every,
            channels={
                "affiliate": {"persuasion": 0.0, "cookie_loss": 0.0, "cookie_weeks": 8.0, "click": 0.4}
            },
        )
        outcome = run(world, Flight("affiliate", 50 * MILLION))
        affiliate = row(outcome)
        assert affiliate["paid"] == pytest.approx(0.08 * affiliate["tracked_revenue"], rel=1e-4)
        assert affiliate["cost"] == affiliate["paid"]
        anyway = (
            affiliate["tracked_orders"] - affiliate["orders"]
        )  # came by themselves, after a click of weeks ago
        assert anyway > 0
        assert outcome.kpis()["incremental_orders"] < affiliate["tracked_orders"]

    def test_the_last_click_has_the_order(self, every):
        events, _people = log(every, *self.FLIGHTS, Flight("affiliate", 9 * MILLION))
        clicks = events[events["type"] == "click"]
        credited = events[(events["type"] == "order") & (events["flight"] != "")]
        assert len(credited) > 20
        for order in credited.itertuples():
            mine = clicks[(clicks["person"] == order.person) & (clicks["week"] <= order.week)]
            assert order.flight == mine.sort_values("week", kind="stable")["flight"].iloc[-1]

    def test_the_money_for_commissions_runs_out(self, every):
        outcome = run(every, Flight("affiliate", 60_000), weeks=20)
        assert 0 < row(outcome)["paid"] <= 60_000
        assert weekly(outcome, "contacts")[0] > 0 == weekly(outcome, "contacts")[-1]


class TestFriends:
    def test_a_reward_raises_sharing(self, every):
        shares = [
            row(run(every, Flight("referral", 90 * MILLION, reward=reward), weeks=20))["shares"]
            for reward in (0, 50_000, 200_000)
        ]
        assert 0 < shares[0] < shares[1] < shares[2]

    def test_codes_are_for_buyers_of_the_segment_and_for_nobody_held_out(self, every):
        flight = Flight("referral", 90 * MILLION, to="loyal", reward=50_000)
        events, people = log(every, flight, weeks=30, holdout=0.4)
        held = run(every, flight, weeks=30, holdout=0.4).held_out
        sharers = events.loc[(events["type"] == "share") & (events["flight"] != ""), "person"]
        assert len(sharers) > 5
        assert (people["segment"][sharers] == list(every.recipe.segments).index("loyal")).all()
        assert not held[sharers].any()

    def test_the_budget_stops_it(self, every):
        rich, poor = (
            run(every, Flight("referral", m, reward=50_000), weeks=20) for m in (90 * MILLION, 10_000)
        )
        assert row(poor)["paid"] <= row(poor)["cost"] <= 10_000 < row(rich)["cost"]
        assert row(poor)["told"] < row(rich)["told"]
        assert weekly(poor, "contacts")[-1] == 0 < weekly(rich, "contacts")[-1]

    def test_fraud_grows_with_the_reward(self, every):
        fraud = [
            row(run(every, Flight("referral", 900 * MILLION, reward=reward), weeks=40))["self_referred"]
            for reward in (0, 10_000, 100_000)
        ]
        assert fraud[0] == 0 < fraud[1] < fraud[2]

    def test_scans_are_not_sales(self, every, remake):
        world = remake(every, customers=20_000)
        card = row(run(world, Flight("qr", 90 * MILLION), weeks=40))
        assert card["contacts"] > card["opened"] > card["clicked"] > 1.5 * card["orders"] > 0

    def test_viral_spreads_without_a_reward(self, every, remake):
        spread = run(every, Flight("viral", MILLION))
        alone = run(remake(every, channels={"viral": {"share": 0.0}}), Flight("viral", MILLION))
        assert row(spread)["told"] > 0 == row(alone)["told"]
        assert row(spread)["paid"] == 0
        assert row(spread)["contacts"] == row(alone)["contacts"] + weekly(spread, "told")[:-1].sum()

    def test_a_friend_hears_it_a_week_later(self, every):
        events, people = log(every, Flight("viral", 2 * MILLION, schedule=(1, 0, 0, 0, 0, 0)), weeks=6)
        met = events[events["type"] == "contact"]
        ties = region.ground_of(every, every.regions[0]).ties
        told = events[events["type"] == "share"].groupby("week")["person"].agg(set)
        later = met[met["week"] > 0]
        assert len(later) > 0
        for contact in later.itertuples():
            mine = people[contact.person]
            assert told[contact.week - 1] & set(
                ties["friend"][mine["begin"] : mine["begin"] + mine["degree"]]
            )

    def test_referred_customers_stay_while_their_referrer_does(self, every, remake):
        def kept(bond):
            world = remake(every, advocacy={"bond": bond, "persuasion": 0.0}, customers=5_000)
            lived = region.live_region(lay_out(world, Plan(weeks=52), 1), world.regions[0])
            people, alive = lived.people, lived.results.state["alive"] == 1
            mine = (people["sponsor"] >= 0) & (people["alive"] == 1)
            with_sponsor = mine & alive[people["sponsor"]]
            return alive[with_sponsor].mean(), alive[people["sponsor"] < 0].sum()

        bound, loose = kept(0.0), kept(1.0)
        assert bound[0] == 1 > loose[0]
        assert bound[1] == loose[1]  # those whom nobody brought are as they were


class TestSearch:
    def test_unpaid_search_is_slow_and_lasts(self, every):
        flight = Flight("seo", 10 * MILLION, schedule=(*[1] * 20, *[0] * 20))
        clicks = sum(weekly(run(every, flight, weeks=40, seed=seed), "clicked") for seed in range(4))
        first, later, then, end = (clicks[a:b].sum() for a, b in ((0, 5), (15, 20), (20, 25), (35, 40)))
        assert first < 0.5 * later
        assert 0.3 * later < then
        assert end < 0.2 * later

    def test_a_page_nobody_wrote_is_not_seen(self, every):
        outcome = run(every, Flight("seo", 1))
        assert row(outcome)["opened"] == 0
        assert extra(outcome) == pytest.approx(0, abs=0.01)

    def test_a_higher_bid_is_seen_more_and_pays_more(self, every):
        rows = [row(run(every, Flight("search", 90 * MILLION, bid=bid))) for bid in (1_500, 4_000, 9_000)]
        for low, high in pairwise(rows):
            assert low["contacts"] == high["contacts"]
            assert low["opened"] < high["opened"]
            assert low["clicked"] < high["clicked"]
            assert low["cpc"] < high["cpc"]

    @pytest.mark.parametrize("channel", ["search", "seo", "affiliate"])
    def test_more_flights_make_no_more_searches(self, every, channel):
        flights = [Flight(channel, 90 * MILLION, to=to) for to in (None, *every.recipe.segments)]
        one, four = run(every, flights[0]), run(every, *flights)
        met = [outcome.channels().loc[channel, "contacts"] for outcome in (one, four)]
        assert met[1] == pytest.approx(met[0], rel=0.05)
        apart = run(every, *flights[1:]).channels().loc[channel, "contacts"]
        assert apart == pytest.approx(met[0], rel=0.05)

    def test_a_click_costs_the_second_price(self, every):
        channel = every.recipe.channels["search"]
        for bid in (3_000, 6_000):
            won = auction(bid, 1.0, round(channel.rivals.value), channel.rival_strength.value)
            clicks = row(run(every, Flight("search", 90 * MILLION, bid=bid)))
            assert clicks["cpc"] == pytest.approx(won.price)
            assert won.price < bid

    def test_no_bid_no_advertisement(self, every):
        outcome = run(every, Flight("search", 90 * MILLION, bid=1))
        assert row(outcome)["contacts"] == 0 == outcome.cost

    def test_the_budget_throttles(self, every):
        rows = [row(run(every, Flight("search", m), weeks=20)) for m in (100_000, 300_000, 900 * MILLION)]
        assert [r["cost"] <= m for r, m in zip(rows, (100_000, 300_000, 900 * MILLION), strict=True)]
        assert rows[1]["contacts"] == pytest.approx(3 * rows[0]["contacts"], rel=0.05)
        assert rows[1]["clicked"] < rows[2]["clicked"]
        assert rows[2]["cost"] < 900 * MILLION  # no more than people click


class TestTime:
    def test_seasons_come_and_a_later_start_meets_others(self, fashion):
        year = simulate(fashion, Plan(weeks=52), 1)
        season = lay_out(fashion, Plan(weeks=52), 1).season
        later = lay_out(fashion, Plan(weeks=12, start=40), 1).season
        assert np.array_equal(season[40:], later)
        visits = year.weekly()["visits"].to_numpy()
        assert np.corrcoef(visits, season)[0, 1] > 0.7

    def test_start_moves_the_season(self, fashion):
        season = lay_out(fashion, Plan(weeks=52), 1).season
        busy, quiet = int(season.argmax()), int(season[:51].argmin())
        visits = [
            sum(simulate(fashion, Plan(weeks=1, start=s), seed).kpis()["visits"] for seed in range(20))
            for s in (busy, quiet)
        ]
        assert visits[0] / visits[1] == pytest.approx(season[busy] / season[quiet], rel=0.15)

    def test_marketing_wakes_who_had_gone(self, every, remake):
        def lapsed_orders(winback, *flights):
            world = remake(
                every, channel={"click": 0.0}, response={"winback": winback}, advocacy={"persuasion": 0.0}
            )
            lived = region.live_region(lay_out(world, Plan(flights=flights, weeks=12), 1), world.regions[0])
            return lived.results.of("orders")[lived.people["alive"] == 0].sum()

        television = Flight("television", 9 * MILLION)
        assert lapsed_orders(0.3) == lapsed_orders(0.0, television) == 0 < lapsed_orders(0.3, television)

    def test_word_of_mouth_brings_visits(self, fashion, remake):
        quiet, loud = (remake(fashion, advocacy={"persuasion": p, "intercept": 3.0}) for p in (0.0, 1.0))
        one, other = (simulate(world, Plan(weeks=12), 1).kpis() for world in (quiet, loud))
        assert one["told"] > 0
        assert other["visits"] > one["visits"]


class TestHoldout:
    def test_the_holdout_is_met_by_nothing_that_is_bought(self, every):
        flights = [
            Flight("television", 2 * MILLION), Flight("social", MILLION, to="trend"), Flight("email", 2 * MILLION),
            Flight("search", MILLION), Flight("seo", 9 * MILLION), Flight("affiliate", MILLION),
            Flight("phone", 9 * MILLION, after="open"), Flight("display", MILLION, after="visit"),
        ]  # fmt: skip
        outcome = run(every, *flights, holdout=0.4)
        assert not outcome.totals["contacts"][outcome.held_out].any()
        assert outcome.totals["contacts"][~outcome.held_out].any()

    def test_nothing_spent_is_the_baseline(self, every):
        nothing = run(every, Flight("television", 0), Flight("email", 0), holdout=0.3)
        plain = run(every)
        assert np.array_equal(nothing.totals["orders"], plain.totals["orders"])
        assert nothing.expected == plain.expected
        assert nothing.cost == 0
        assert (nothing.part.weekly == plain.part.weekly).all()
