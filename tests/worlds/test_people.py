"""People on paper: invented, plausible, and reachable by nobody."""

from __future__ import annotations

import re

import pandas as pd
import phonenumbers
import pytest

from narrowcast.worlds import VietnamesePeople, open_world
from narrowcast.worlds.card import columns
from narrowcast.worlds.people import TODAY, ascii_fold, provinces


@pytest.fixture(scope="module")
def people(world) -> pd.DataFrame:
    return world.customers


def test_columns_are_those_of_the_card(people):
    assert list(people) == list(columns())


def test_ids_are_unique_and_in_order(people):
    assert people["customer_id"].tolist() == [f"C{i:07d}" for i in range(2_000)]


def test_nothing_is_missing_but_what_may_be(people):
    marked = {name for name, (kind, _meaning) in columns().items() if kind.endswith("?")}
    assert marked == {"email", "phone", "referrer_id"}
    assert set(people.columns[people.isna().any()]) == marked


def test_mail_goes_nowhere(people):
    mails = people["email"].dropna()
    assert mails.is_unique
    assert mails.str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(com|net|org)").all()
    assert mails.map(str.isascii).all()


def test_phones_are_vietnamese_mobiles(people):
    for phone in people["phone"].dropna().sample(400, random_state=1):
        number = phonenumbers.parse(phone, "VN")
        assert phonenumbers.is_valid_number(number), phone
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE, phone
        assert re.fullmatch(r"0\d{9}", phone)


@pytest.mark.parametrize("prefix", VietnamesePeople.mobile_prefixes)
def test_every_prefix_can_be_dialled(prefix):
    assert phonenumbers.is_valid_number(phonenumbers.parse(f"{prefix}0000000", "VN"))
    assert phonenumbers.is_valid_number(phonenumbers.parse(f"{prefix}9999999", "VN"))


def test_provinces_are_the_34(people):
    assert len(provinces()) == 34
    assert set(people["province"]) <= set(provinces())
    assert people["province"].nunique() > 25


def test_provinces_follow_the_recipe(world):
    people = world.customers
    for name, segment in world.recipe.segments.items():
        mine = people[people["segment"] == name]
        for province, share in segment.provinces.items():
            got = (mine["province"] == province).mean()
            assert got == pytest.approx(share, abs=4 * (share * (1 - share) / len(mine)) ** 0.5)


def test_family_name_comes_first(people):
    parts = people["name"].str.split(" ")
    assert (parts.str.len() == 3).all()
    assert set(parts.str[0]) <= set(VietnamesePeople.families)
    assert parts.str[0].value_counts().index[0] == "Nguyễn"


def test_no_man_is_called_thi(people):
    middle = people["name"].str.split(" ").str[1]
    assert not (middle[people["gender"] == "M"] == "Thị").any()
    assert (middle[people["gender"] == "F"] == "Thị").mean() > 0.2
    assert not (middle[people["gender"] == "F"] == "Văn").any()


def test_consent_needs_an_address(people):
    assert people.loc[people["email_consent"], "email"].notna().all()
    assert people.loc[people["phone_consent"], "phone"].notna().all()
    assert 0 < people["email_consent"].mean() < people["email"].notna().mean() < 1


def test_referrers_were_there_before(people):
    told = people.dropna(subset="referrer_id")
    referrer = people.set_index("customer_id").loc[told["referrer_id"]]
    assert (referrer.index < told["customer_id"]).all()
    assert (referrer["acquired_at"].to_numpy() <= told["acquired_at"].to_numpy()).all()
    assert ((people["channel"] == "referral") == people["referrer_id"].notna()).all()
    assert 0.08 < len(told) / len(people) < 0.16


def test_days_make_sense(people):
    age = (TODAY - people["birth_date"]).dt.days / 365.25
    assert age.between(16, 86).all()
    assert people["acquired_at"].between(TODAY - pd.Timedelta(days=3 * 365 + 1), TODAY).all()
    assert people["acquired_at"].is_monotonic_increasing


def test_people_are_like_their_segment(world):
    people = world.customers.assign(age=lambda f: (TODAY - f["birth_date"]).dt.days / 365.25)
    means = people.groupby("segment", observed=True).agg(
        age=("age", "mean"), female=("gender", lambda g: (g == "F").mean())
    )
    for name, segment in world.recipe.segments.items():
        assert means.loc[name, "age"] == pytest.approx(segment.age.value, abs=2)
        assert means.loc[name, "female"] == pytest.approx(segment.female.value, abs=0.09)


def test_ascii_fold():
    assert ascii_fold("Đặng Thị Thuý đường") == "Dang Thi Thuy duong"


def test_a_person_does_not_depend_on_the_size_of_the_market():
    # acquired_at alone does: numbers are given in the order in which customers came.
    few = open_world("hcmc-fashion", customers=1_000).customers.drop(columns="acquired_at")
    many = open_world("hcmc-fashion", customers=6_000).customers.drop(columns="acquired_at")
    pd.testing.assert_frame_equal(few, many.head(1_000))


@pytest.mark.parametrize("customers", [1, 2, 3])
def test_the_smallest_markets_have_people(customers):
    people = open_world("soft-drink", customers=customers).customers
    assert len(people) == customers
    assert people.loc[0, "channel"] != "referral"
