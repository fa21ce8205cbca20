"""Contact law: the rules of three countries, and the plans that break them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from narrowcast.campaigns import Flight, Launch, Plan, contact_rules, rules_for, terms
from narrowcast.campaigns.law import RULES
from narrowcast.errors import PlanError, UnknownName
from narrowcast.worlds.ingredients import LOCALES

PURCHASED = {"hcmc-fashion": "fashion-lovers", "danang-tourism": "beach-travellers"}


def one(locale, medium):
    return next(rule for rule in RULES if (rule.locale, rule.medium) == (locale, medium))


class TestRules:
    def test_every_country_has_one_rule_for_each_sent_medium(self):
        frame = contact_rules()
        assert set(frame.index) == {(p, m) for p in LOCALES for m in ("email", "sms", "phone", "post")}
        assert frame.index.is_unique

    def test_each_says_where_it_stands_and_when_it_was_looked_up(self):
        for rule in RULES:
            assert rule.source
            assert date.fromisoformat(rule.checked) >= date(
                2026, 1, 1
            )  # after the law of 2026 came into force

    def test_vietnam_as_decree_91_has_it(self):
        sms, phone, email = (one("vi_VN", medium) for medium in ("sms", "phone", "email"))
        assert (sms.hours, sms.per_day) == ((7, 22), 3)
        assert (phone.hours, phone.per_day) == ((8, 17), 1)
        assert (email.hours, email.per_day) == (None, 3)
        assert sms.do_not_call
        assert phone.do_not_call
        assert {one("vi_VN", m).consent for m in ("sms", "phone", "email", "post")} == {"everybody"}

    def test_each_source_names_its_articles(self):
        for rule in RULES:
            assert re.search(r"article \d+|CFR 64\.1200 \(|U\.S\.C\. \d+", rule.source), rule.source

    def test_korea_exempts_e_mail_alone_from_its_night(self):
        hours = {medium: one("ko_KR", medium).hours for medium in ("sms", "phone", "email")}
        assert hours == {"sms": (8, 21), "phone": (8, 21), "email": None}
        assert "article 61(2)" in one("ko_KR", "email").source
        assert all("article 50(3)" in one("ko_KR", medium).source for medium in hours)

    def test_addresses_are_no_goods_in_vietnam_and_korea(self):
        laws = {(rule.locale, rule.trade_law) for rule in RULES}
        assert laws == {("vi_VN", "Law 91/2025/QH15"), ("ko_KR", "PIPA"), ("en_US", None)}

    def test_korea_is_quiet_at_night_and_america_lets_mail_until_told_to_stop(self):
        assert one("ko_KR", "sms").hours == (8, 21)
        assert one("ko_KR", "email").consent == "strangers"
        assert one("en_US", "email").consent == "nobody"
        assert one("en_US", "email").unsubscribe
        assert one("en_US", "phone").hours == (8, 21)

    @pytest.mark.parametrize("medium", ["email", "sms", "phone", "post"])
    def test_all_countries_together_leave_some_hours(self, medium):
        hours = [rule.hours for rule in RULES if rule.medium == medium and rule.hours]
        assert max([a for a, _ in hours], default=0) < min([b for _, b in hours], default=24)


class TestTerms:
    def test_the_law_fills_in_what_a_flight_leaves_open(self, fashion):
        assert terms(Flight("phone", 1), fashion).__dict__ == {"hours": (8, 17), "per_day": 1, "per_week": 7}
        assert terms(Flight("sms", 1), fashion).per_week == 21
        assert terms(Flight("post", 1), fashion).per_week is None
        assert terms(Flight("television", 1), fashion).hours is None

    def test_a_flights_own_word_comes_first(self, fashion):
        own = terms(Flight("sms", 1, cap=2, hours=(9, 11)), fashion, hours=(10, 12))
        assert (own.hours, own.per_week) == ((9, 11), 2)
        assert terms(Flight("sms", 1), fashion, hours=(10, 12)).hours == (10, 12)

    def test_the_aim_decides_whose_law_holds(self, tourism):
        assert [rule.locale for rule in rules_for(Flight("sms", 1, "korean"), tourism)] == ["ko_KR"]
        assert {rule.locale for rule in rules_for(Flight("sms", 1), tourism)} == set(LOCALES)
        assert terms(Flight("phone", 1, "english"), tourism).hours == (8, 21)

    def test_for_everybody_the_strictest_country_decides(self, tourism):
        assert terms(Flight("phone", 1), tourism).hours == (8, 17)
        assert terms(Flight("sms", 1), tourism).hours == (8, 21)


BREACHES = [
    (Flight("sms", 1, hours=(6, 12)), "launch"),
    (Flight("sms", 1, hours=(20, 23)), "launch"),
    (Flight("phone", 1, hours=(8, 18)), "launch"),
    (Flight("phone", 1, cap=8), "launch"),
    (Flight("sms", 1, cap=22), "launch"),
    (Flight("email", 1, cap=22), "launch"),
    (Flight("email", 1, "trend", consented=False), "file"),
    (Flight("email", 1, "trend", consented=False, files="fashion-lovers"), "file"),
]


@pytest.mark.parametrize(("flight", "step"), BREACHES)
def test_a_breach_stops_the_plan_and_names_the_law(fashion, flight, step):
    with pytest.raises(PlanError, match=rf"step {step}: .*Decree 91/2020"):
        Plan(flights=[flight]).fits(fashion)


@pytest.mark.parametrize(("flight", "step"), BREACHES)
def test_a_lesson_may_show_what_a_breach_brings(fashion, flight, step):
    plan = Plan(flights=[flight], lawful=False, holdout=0.1)
    plan.fits(fashion)
    frame = plan.check(fashion)
    assert step in set(frame["step"])
    assert set(frame["severity"]) == {"warning"}


def test_unlawful_plans_keep_all_other_rules(fashion):
    with pytest.raises(PlanError, match="no use for bid"):
        Plan(flights=[Flight("email", 1, bid=5)], lawful=False).fits(fashion)


@pytest.mark.parametrize(
    "flight",
    [
        Flight("sms", 1, hours=(7, 22), cap=21),
        Flight("phone", 1, hours=(8, 17), cap=7),
        Flight("email", 1, hours=(0, 24), cap=21),
        Flight("post", 1, cap=100),
    ],
)
def test_the_ends_are_lawful(fashion, flight):
    Plan(flights=[flight]).fits(fashion)


def test_the_plans_hours_hold_for_flights_without(fashion):
    with pytest.raises(PlanError, match=r"phone runs from 9 to 20 h; lawful is 8 to 17 h"):
        Plan(flights=[Flight("phone", 1)], launch=Launch((9, 20))).fits(fashion)
    Plan(flights=[Flight("phone", 1, hours=(9, 12))], launch=Launch((9, 20))).fits(fashion)
    Plan(flights=[Flight("television", 1)], launch=Launch((0, 24))).fits(fashion)


class TestOnce:
    """One mistake is one row, however many laws and flights it concerns."""

    def rows(self, plan, world, step):
        frame = plan.check(world)
        return list(frame.loc[frame["step"] == step, ["problem", "cure"]].itertuples(index=False, name=None))

    def test_hours_that_three_countries_forbid(self, tourism):
        plan = Plan(flights=[Flight("sms", 1, hours=(6, 23))], holdout=0.1)
        assert self.rows(plan, tourism, "launch") == [
            (
                "sms runs from 6 to 23 h; lawful is 8 to 21 h (Decree 91/2020/ND-CP, Network Act, TCPA).",
                "Write hours=(8, 21).",
            )
        ]
        Plan(flights=[Flight("sms", 1, hours=(8, 21))]).fits(tourism)

    def test_hours_of_the_plan_for_several_flights(self, fashion):
        flights = [Flight(name, 1) for name in ("sms", "phone", "email")] + [Flight("post", 1, hours=(1, 2))]
        plan = Plan(flights=flights, launch=Launch((6, 23)), holdout=0.1)
        assert self.rows(plan, fashion, "launch") == [
            (
                "sms, phone run from 6 to 23 h; lawful is 8 to 17 h (Decree 91/2020/ND-CP).",
                "Write hours=(8, 17).",
            )
        ]
        Plan(flights=flights, launch=Launch((8, 17))).fits(fashion)

    def test_hours_of_its_own_are_another_mistake(self, fashion):
        flights = [Flight("sms", 1, hours=(6, 7)), Flight("phone", 1)]
        plan = Plan(flights=flights, launch=Launch((6, 12)), holdout=0.1)
        assert [problem[:5] for problem, _cure in self.rows(plan, fashion, "launch")] == ["sms r", "phone"]

    def test_people_who_never_agreed_anywhere(self, tourism):
        plan = Plan(flights=[Flight("phone", 1, consented=False)], holdout=0.1)
        assert [problem for problem, _cure in self.rows(plan, tourism, "file")] == [
            "phone contacts people who never agreed (Decree 91/2020/ND-CP)."
        ]

    def test_a_purchased_file(self, tourism):
        flights = [Flight(name, 1, files="beach-travellers") for name in ("email", "post")]
        told = self.rows(Plan(flights=flights, holdout=0.1), tourism, "file")
        (told,) = [problem for problem, _cure in told]
        assert told.startswith("email@beach-travellers, post@beach-travellers use a purchased file;")
        assert told.endswith("needs a ground in law (Law 91/2025/QH15, PIPA).")


@pytest.mark.parametrize("ask", [rules_for, terms])
def test_swapped_arguments_and_unknown_channels_are_told(fashion, ask):
    with pytest.raises(PlanError, match=r"asked about a World and a Flight. It needs a flight and a world"):
        ask(fashion, Flight("sms", 1))
    with pytest.raises(UnknownName, match=r"no channel 'smss'. Did you mean 'sms'"):
        ask(Flight("smss", 1), fashion)


class TestAbroad:
    def test_america_allows_mail_without_consent(self, tourism):
        Plan(flights=[Flight("email", 1, "english", consented=False, files="beach-travellers")]).fits(tourism)

    def test_but_not_texts(self, tourism):
        with pytest.raises(PlanError, match=r"step file: .*never agreed \(TCPA\)"):
            Plan(flights=[Flight("sms", 1, "english", consented=False)]).fits(tourism)

    def test_korea_allows_recent_customers_with_a_warning(self, tourism):
        plan = Plan(flights=[Flight("email", 1, "korean", consented=False)], holdout=0.1)
        plan.fits(tourism)
        assert plan.check(tourism)["problem"].str.contains("bought of late").any()

    def test_and_no_strangers(self, tourism):
        with pytest.raises(PlanError, match=r"never agreed \(Network Act\)"):
            Plan(flights=[Flight("email", 1, "korean", consented=False, files="beach-travellers")]).fits(
                tourism
            )

    def test_whoever_reaches_everybody_keeps_to_every_law(self, tourism):
        with pytest.raises(PlanError, match=r"Decree 91/2020"):
            Plan(flights=[Flight("phone", 1, hours=(8, 21))]).fits(tourism)
        Plan(flights=[Flight("phone", 1, "english", hours=(8, 21))]).fits(tourism)


def test_a_purchased_file_is_warned_of_even_with_consent(fashion, tourism):
    bought = Plan(flights=[Flight("email", 1, "trend", files="fashion-lovers")], holdout=0.1)
    bought.fits(fashion)
    assert bought.check(fashion)["problem"].str.contains("Law 91/2025/QH15").any()
    korea = Plan(flights=[Flight("email", 1, "korean", files="beach-travellers")], holdout=0.1)
    assert korea.check(tourism)["problem"].str.contains(r"ground in law \(PIPA\)").any()
    abroad = Plan(flights=[Flight("email", 1, "english", files="beach-travellers")], holdout=0.1)
    assert abroad.check(tourism)["problem"].str.contains("trusts the seller").any()


def test_law_is_told_of_beside_an_unknown_name(fashion):
    plan = Plan(flights=[Flight("sms", 1, hours=(6, 12), files="nobodys"), Flight("fax", 1)])
    assert plan.check(fashion)["problem"].str.contains("lawful is 7 to 22").any()
