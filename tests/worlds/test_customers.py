"""The customers table: whole, believable, and the same whoever draws it and how."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.worlds import VietnamesePeople, load_recipe, world_folder, world_names
from narrowcast.worlds.blueprint import BLOCK_SIZE, Block, Blueprint
from narrowcast.worlds.calendar import TODAY
from narrowcast.worlds.population import REGION_SIZE
from narrowcast.worlds.tables.customers import TABLE

MANY = 40_000

COLUMNS = [
    *("customer_id", "name", "gender", "birth_date", "province", "job", "email", "phone"),
    *("email_consent", "phone_consent", "file_source", "segment", "acquired_at", "channel", "device"),
    *("referrer_id", "arm"),
]


def blueprint_of(world: str, customers: int = MANY, seed: int = 5) -> Blueprint:
    return Blueprint(load_recipe(world_folder(world) / "recipe.toml"), customers, seed)


@pytest.fixture(scope="module", params=world_names())
def market(request) -> Blueprint:
    return blueprint_of(request.param)


@pytest.fixture(scope="module")
def drawn(market) -> pa.Table:
    return TABLE.draw(market.block(0))


@pytest.fixture(scope="module")
def people(drawn) -> pd.DataFrame:
    return drawn.to_pandas()


def assert_share(flags, share: float) -> None:
    error = (share * (1 - share) / len(flags)) ** 0.5
    assert abs(np.mean(flags) - share) <= 4.5 * error + 1 / 65_536


def by_segment(market, people):
    for name, segment in market.recipe.segments.items():
        yield segment, people[people["segment"] == name]


def test_the_columns_are_the_seventeen_in_order(drawn):
    assert drawn.column_names == COLUMNS
    assert [column.name for column in TABLE.columns()] == COLUMNS
    assert all(column.meaning for column in TABLE.columns())


def test_the_table_is_sound_arrow(drawn):
    drawn.validate(full=True)
    assert drawn.schema.equals(TABLE.schema())
    assert drawn.num_rows == MANY


def test_nothing_is_missing_but_what_may_be(drawn):
    may = {column.name for column in TABLE.columns() if column.nullable}
    assert may == {"email", "phone", "referrer_id"}
    assert {name for name in COLUMNS if drawn[name].null_count} <= may


def test_ids_are_unique_and_in_order(people):
    assert people["customer_id"].tolist() == [f"C{i:07d}" for i in range(MANY)]


def test_mail_is_unique_ascii_and_goes_nowhere(people):
    mails = people["email"].dropna()
    assert mails.is_unique
    assert mails.str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(?:com|net|org)").all()


def test_phones_can_be_dialled(people):
    for phone in people["phone"].dropna().sample(300, random_state=1):
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone, "VN")), phone
        assert re.fullmatch(r"0[35789]\d{8}|\+1\d{3}55501\d\d|\+82100\d{7}", phone)


def test_segments_have_their_share(market, people):
    for segment, mine in by_segment(market, people):
        assert_share(people.index.isin(mine.index), segment.share.value)


def test_addresses_and_consents_are_as_the_recipe_says(market, people):
    for segment, mine in by_segment(market, people):
        for kind in ("email", "phone"):
            has = mine[kind].notna()
            assert_share(has, getattr(segment, kind).value)
            assert_share(mine.loc[has, f"{kind}_consent"], getattr(segment, f"{kind}_consent").value)


def test_consent_needs_an_address(people):
    assert people.loc[people["email_consent"], "email"].notna().all()
    assert people.loc[people["phone_consent"], "phone"].notna().all()


def test_genders_and_devices_are_as_the_recipe_says(market, people):
    for segment, mine in by_segment(market, people):
        assert_share(mine["gender"] == "F", segment.female.value)
        assert_share(mine["device"] == "mobile", segment.mobile.value)


def test_no_man_has_a_womans_middle_name_nor_the_reverse(market, people):
    home = [name for name, segment in market.recipe.segments.items() if segment.locale == "vi_VN"]
    mine = people[people["segment"].isin(home)]
    parts = mine["name"].str.split(" ", n=2)
    assert set(parts.str[0]) <= set(VietnamesePeople.families)
    for gender in ("F", "M"):
        middles = parts.str[1][mine["gender"] == gender]
        assert set(middles) <= set(VietnamesePeople.middles[gender])
    thi = parts.str[1] == "Thị"
    assert not thi[mine["gender"] == "M"].any()
    assert thi[mine["gender"] == "F"].mean() > 0.3


def test_names_are_of_the_segments_country(market, people):
    shapes = {"vi_VN": r"\S+ \S+ \S+(?: \S+)?", "en_US": r"[A-Za-z]+ [A-Za-z]+", "ko_KR": "[가-힣]{2,4}"}
    for segment, mine in by_segment(market, people):
        assert mine["name"].str.fullmatch(shapes[segment.locale]).all()


def test_birth_dates_make_everybody_16_to_85(people):
    today = pd.Timestamp(TODAY)
    assert people["birth_date"].max() <= today - pd.DateOffset(years=16)
    assert people["birth_date"].min() >= today - pd.DateOffset(years=86)
    assert (people["birth_date"] == people["birth_date"].dt.normalize()).all()


def test_birthdays_are_spread_over_the_year(people):
    assert people["birth_date"].dt.month.value_counts(normalize=True).between(0.06, 0.11).all()


def test_days_of_acquisition_are_in_the_order_of_the_numbers(market, people):
    assert people["acquired_at"].is_monotonic_increasing
    assert people["acquired_at"].max() < pd.Timestamp(TODAY)
    assert people["acquired_at"].min() == pd.Timestamp(TODAY) - pd.Timedelta(
        weeks=market.recipe.history.weeks.value
    )


def test_referrers_were_there_before(people):
    told = people.dropna(subset="referrer_id")
    referrer = people.set_index("customer_id").loc[told["referrer_id"]]
    assert (told["referrer_id"] < told["customer_id"]).all()
    assert (referrer["acquired_at"].to_numpy() <= told["acquired_at"].to_numpy()).all()
    assert ((people["channel"] == "referral") == people["referrer_id"].notna()).all()


def test_an_experiment_has_two_arms_and_no_experiment_none(market, people):
    held = [campaign for campaign in market.recipe.campaigns.values() if campaign.holdout.value > 0]
    found = set(people["arm"].unique())
    assert found == ({"none", "treated", "holdout"} if held else {"none"})
    if held:
        share = min(held, key=lambda campaign: campaign.weeks_ago.value).holdout.value
        inside = people.loc[people["arm"] != "none", "arm"]
        assert_share(inside == "holdout", share)


@pytest.mark.parametrize("customers", [1, 2, 3])
@pytest.mark.parametrize("world", world_names())
def test_the_smallest_markets_have_people(world, customers):
    people = TABLE.draw(blueprint_of(world, customers).block(0)).to_pandas()
    assert len(people) == customers
    assert people.loc[0, "channel"] != "referral"
    assert people["email"].dropna().is_unique


@settings(max_examples=15)
@given(
    st.sampled_from(["hcmc-fashion", "danang-tourism"]),
    st.integers(0, 2**63 - 1),
    st.integers(0, 3),
    st.integers(1, 4),
)
def test_a_block_drawn_alone_is_a_slice_of_the_whole(world, seed, first, regions):
    market = blueprint_of(world, 5 * REGION_SIZE, seed)
    whole = market.block(0)
    part = Block(market, 0, first * REGION_SIZE, min((first + regions) * REGION_SIZE, whole.stop))
    assert TABLE.draw(part).equals(TABLE.draw(whole)[part.start : part.stop])


def test_a_person_does_not_depend_on_the_size_of_the_market():
    # acquired_at and what rests on it (arm) do: numbers are given in the order in which customers came.
    few, many = (
        TABLE.draw(blueprint_of("danang-tourism", size).block(0)).drop_columns(
            ["acquired_at", "arm", "referrer_id", "channel"]
        )
        for size in (1_000, 7_000)
    )
    assert few.equals(many[:1_000])


def test_another_seed_makes_other_people():
    one, two = (TABLE.draw(blueprint_of("soft-drink", 2_000, seed).block(0)) for seed in (1, 2))
    for name in ("name", "birth_date", "phone", "segment"):
        assert not one[name].equals(two[name]), name


def test_threads_draw_the_same_bytes():
    market = blueprint_of("hcmc-fashion", 2 * BLOCK_SIZE + 17)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: TABLE.draw(market.block(number)), range(market.blocks)))
    alone = [TABLE.draw(market.block(number)) for number in reversed(range(market.blocks))][::-1]
    assert all(one.equals(other) for one, other in zip(together, alone, strict=True))
    ids = pa.concat_tables(together)["customer_id"]
    assert len(ids.unique()) == 2 * BLOCK_SIZE + 17
