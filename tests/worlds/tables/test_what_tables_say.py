"""What each table says agrees with the others and with the recipe."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import phonenumbers
import pytest
from drawn_blocks import block_of

from narrowcast.worlds import world_names
from narrowcast.worlds.calendar import TODAY
from narrowcast.worlds.tables import TABLES, tables_of


def frame(block, name):
    return TABLES[name].of(block).to_pandas()


def worlds_with(name):
    return [world for world in world_names() if name in tables_of(block_of(world).recipe)]


def near(share, of):
    return 4 * max(share * (1 - share), 1e-4) ** 0.5 / max(of, 1) ** 0.5


# Orders and events


def test_money_is_whole_and_above_nothing(block):
    orders = frame(block, "orders")
    assert (orders["revenue"] > 0).all()
    assert ((orders["discount"] > 0) == orders["coupon"].notna()).all()
    dong = orders[orders["currency"] == "VND"]
    assert (dong["revenue"] % 1_000 == 0).all()


def test_returns_and_coupons_follow_the_recipe(block):
    orders = frame(block, "orders").merge(frame(block, "customers")[["customer_id", "segment"]])
    for name, segment in block.recipe.segments.items():
        mine = orders[orders["segment"] == name]
        for got, share in (
            (mine["returned"].mean(), segment.returns.value),
            (mine["coupon"].notna().mean(), segment.coupon_use.value),
        ):
            assert got == pytest.approx(share, abs=near(share, len(mine)) + 0.001)
        assert set(mine["currency"]) == {block.recipe.currency_of(name)}


def test_the_first_order_is_on_the_day_of_acquisition(block):
    first = frame(block, "orders").groupby("customer_id")["ts"].min().dt.normalize()
    came = frame(block, "customers").set_index("customer_id")["acquired_at"]
    assert (first == came.loc[first.index]).all()
    assert len(first) == block.size


def test_last_years_orders_are_events(block):
    orders, events = frame(block, "orders"), frame(block, "events")
    logged = events[events["type"] == "order"]
    recent = orders[orders["ts"] >= pd.Timestamp(TODAY) - pd.Timedelta(days=365)]
    key = ["customer_id", "ts", "revenue"]
    pd.testing.assert_frame_equal(
        logged[key].sort_values(key, ignore_index=True), recent[key].sort_values(key, ignore_index=True)
    )


def test_every_order_has_a_visit_of_its_own(block):
    events = frame(block, "events")
    counts = events.groupby(["customer_id", "type"], observed=False).size().unstack()
    assert (counts["order"] <= counts["visit"]).all()
    orders = events[events["type"] == "order"]
    lag = pd.to_timedelta(2 + orders["customer_id"].str.slice(1).astype(int) % 28, unit="min")
    visits = events[events["type"] == "visit"]
    there = set(zip(visits["customer_id"], visits["ts"], strict=True))
    assert all(pair in there for pair in zip(orders["customer_id"], orders["ts"] - lag, strict=True))


def test_conversion_follows_the_recipe(block):
    """Orders over visits of last year without a campaign, by segment."""
    events = frame(block, "events").merge(frame(block, "customers")[["customer_id", "segment"]])
    own = events[events["campaign_id"] == "organic"]
    for name, segment in block.recipe.segments.items():
        counts = own[own["segment"] == name]["type"].value_counts()
        rate = segment.conversion.value
        # Visits without an order come in long rows from single customers, so counts spread more than chance.
        assert counts["order"] / counts["visit"] == pytest.approx(rate, rel=0.12 + 6 / counts["order"] ** 0.5)


def test_events_stay_within_the_time_told(block):
    events = frame(block, "events")
    shop = events[events["type"].isin(["visit", "order"]) & (events["campaign_id"] == "organic")]
    assert shop["ts"].min() >= pd.Timestamp(TODAY) - pd.Timedelta(days=365, minutes=30)
    assert events["ts"].max() < pd.Timestamp(TODAY)


def test_seasons_can_be_seen(block):
    """Orders a day by month lean the way of the recipe's factors."""
    orders = frame(block, "orders")
    repeat = orders[orders["ts"].dt.normalize() > orders.groupby("customer_id")["ts"].transform("min")]
    last = repeat[repeat["ts"] >= "2025-01-01"]
    by_month = last.groupby(last["ts"].dt.month).size().reindex(range(1, 13), fill_value=0)
    factors = np.array(block.recipe.history.seasonality.values)
    if factors.std() > 0.15:
        assert np.corrcoef(by_month, factors)[0, 1] > 0.5


@pytest.mark.parametrize("world", worlds_with("touches"))
def test_answers_belong_to_touches(world):
    block = block_of(world)
    touches, events, campaigns = (frame(block, name) for name in ("touches", "events", "campaigns"))
    touched = set(zip(touches["customer_id"], touches["campaign_id"], strict=True))
    answers = events[
        events["type"].isin(["open", "answer", "view", "click", "interest", "bounce", "unsubscribe"])
    ]
    assert {*zip(answers["customer_id"], answers["campaign_id"], strict=True)} <= touched
    bounced = answers[answers["type"] == "bounce"]
    arrived = touches[touches["delivered"]]
    assert {*zip(bounced["customer_id"], bounced["campaign_id"], strict=True)}.isdisjoint(
        zip(arrived["customer_id"], arrived["campaign_id"], strict=True)
    )
    begin = campaigns.set_index("campaign_id")["started_at"]
    assert (touches["ts"] >= touches["campaign_id"].astype(str).map(begin)).all()


def test_nobody_held_out_was_touched(block):
    arms, touches = frame(block, "assignments"), frame(block, "touches")
    held = arms[arms["arm"] == "holdout"]
    touched = set(zip(touches["customer_id"], touches["campaign_id"], strict=True))
    assert touched.isdisjoint(zip(held["customer_id"], held["campaign_id"], strict=True))


# Contact files


def test_the_house_file_is_everybody_with_an_address(block):
    contacts, people = frame(block, "contacts"), frame(block, "customers")
    files = block.recipe.files
    house = contacts[contacts["file"] == next(n for n, f in files.items() if f.kind == "house")]
    reachable = people[people["email"].notna() | people["phone"].notna()]
    assert sorted(house["customer_id"]) == reachable["customer_id"].tolist()
    assert (house["consent"] == house["agreed"]).all()


def test_purchased_files_are_as_the_recipe_says(block):
    contacts = frame(block, "contacts")
    for name, file in block.recipe.files.items():
        rows = contacts[contacts["file"] == name]
        if file.kind == "house":
            continue
        assert len(rows) == pytest.approx(file.size.value * block.size, abs=1.5)
        assert (rows["price"] == round(file.price.value)).all()
        for got, share, of in (
            (rows["consent"], file.claimed_consent.value, len(rows)),
            (rows["agreed"], file.consent.value, len(rows)),
            (
                rows.loc[rows["email"].notna(), "email_works"],
                file.email_valid.value,
                rows["email"].notna().sum(),
            ),
            (
                rows.loc[rows["phone"].notna(), "phone_works"],
                file.phone_valid.value,
                rows["phone"].notna().sum(),
            ),
        ):
            assert got.mean() == pytest.approx(share, abs=near(share, of))
        assert rows[["email", "phone"]].notna().any(axis=1).all()
        strangers = rows[rows["customer_id"].isna()]
        assert strangers["email"].dropna().is_unique


def test_a_purchased_row_that_is_a_customer_has_the_customers_address(block):
    contacts, people = frame(block, "contacts"), frame(block, "customers").set_index("customer_id")
    bought = contacts[contacts["file"].map(lambda name: block.recipe.files[name].kind) == "purchased"]
    known = bought.dropna(subset="customer_id")
    own = people.loc[known["customer_id"]]
    assert (known["name"].to_numpy() == own["name"].to_numpy()).all()
    assert known["email"].fillna("").tolist() == own["email"].fillna("").tolist()
    strangers = bought[bought["customer_id"].isna()]
    assert set(strangers["email"].dropna()).isdisjoint(people["email"].dropna())


def test_no_address_in_a_file_reaches_anybody(block):
    mails = frame(block, "contacts")["email"].dropna()
    assert mails.str.fullmatch(r"[a-z0-9.]+@example\.(com|net|org)").all()


# Households, friends


def test_households_share_a_place(block):
    homes = frame(block, "households")
    assert homes.groupby("household_id")[["address", "province", "members"]].nunique().eq(1).all(axis=None)
    assert (homes.groupby("household_id").size() == homes.groupby("household_id")["members"].first()).all()
    people = frame(block, "customers").set_index("customer_id")
    assert (homes["province"].to_numpy() == people.loc[homes["customer_id"], "province"].to_numpy()).all()


def test_addresses_are_those_of_the_country(block):
    homes, people = frame(block, "households"), frame(block, "customers")
    codes = people["segment"].map({name: s.locale for name, s in block.recipe.segments.items()})
    for locale, form in {
        "vi_VN": r"số \d+ đường .+, phường .+",
        "en_US": r"\d+ [A-Z].+ (Street|Avenue|Road)",
        "ko_KR": r"\S+로 \d+",
    }.items():
        assert homes.loc[codes == locale, "address"].str.fullmatch(form).all(), locale


def test_numbers_and_places_of_rows_tell_nothing(block):
    """Neither the number of an entry or contact nor its place says whose it is."""
    raw = TABLES["customers_raw"].of(block).to_pandas()
    contacts = TABLES["contacts"].of(block).to_pandas().dropna(subset="customer_id")
    for rows, key in ((raw, "record_id"), (contacts, "contact_id")):
        who, number = (rows[name].str.slice(1).astype(int) for name in ("customer_id", key))
        first = who < 5_000  # one region: from region to region both rise
        assert abs(np.corrcoef(who[first], number[first])[0, 1]) < 0.06
        beside = who[first].diff().abs()
        assert (beside <= 1).mean() < 0.01


def test_household_sizes_are_near_the_recipe(block):
    """Cut where a province ends, households come out a little smaller than drawn."""
    shares = np.array(block.recipe.households.values)
    wanted = (shares * np.arange(1, shares.size + 1)).sum()
    homes = frame(block, "households")
    sizes = homes.groupby("household_id").size()
    assert 0.85 * wanted < sizes.mean() <= 1.02 * wanted
    assert sizes.max() <= shares.size


def test_referrers_are_friends(block):
    people, friends = frame(block, "customers"), frame(block, "friends")
    referred = people.dropna(subset="referrer_id")
    pairs = set(zip(friends["customer_id"], friends["friend_id"], strict=True))
    assert all(pair in pairs for pair in zip(referred["referrer_id"], referred["customer_id"], strict=True))


# Referral


@pytest.mark.parametrize("world", worlds_with("codes"))
def test_codes_are_used_by_those_they_brought(world):
    block = block_of(world)
    codes, uses, people = (frame(block, name) for name in ("codes", "referrals", "customers"))
    holder = uses["code"].map(codes.set_index("code")["customer_id"])
    honest = ~uses["cheated"]
    referrer = people.set_index("customer_id")["referrer_id"]
    assert (referrer.loc[uses.loc[honest, "referred_id"]].to_numpy() == holder[honest].to_numpy()).all()
    assert codes["code"].str.fullmatch(r"[2-9A-HJ-NP-Z]{7}").all()
    assert uses["referred_id"].is_unique


@pytest.mark.parametrize("world", worlds_with("codes"))
def test_cheats_share_a_household(world):
    block = block_of(world)
    codes, uses, homes = (frame(block, name) for name in ("codes", "referrals", "households"))
    home = homes.set_index("customer_id")["household_id"]
    holder = uses["code"].map(codes.set_index("code")["customer_id"])
    together = home.loc[holder].to_numpy() == home.loc[uses["referred_id"]].to_numpy()
    assert together[uses["cheated"]].all()
    share = block.recipe.referral.self_referral.value
    honest = (~uses["cheated"]).sum()
    assert uses["cheated"].sum() == pytest.approx(share * honest, abs=4 * (share * honest) ** 0.5 + 2)


@pytest.mark.parametrize("world", worlds_with("scans"))
def test_a_scan_is_no_sale(world):
    block = block_of(world)
    scans, cards, uses = (frame(block, name) for name in ("scans", "cards", "referrals"))
    assert scans["referred_id"].isna().mean() > 0.5
    bought = scans.dropna(subset="referred_id").merge(cards[["card_id", "code"]])
    credited = set(zip(uses["code"], uses["referred_id"], strict=True))
    assert all(pair in credited for pair in zip(bought["code"], bought["referred_id"], strict=True))
    printed = scans["card_id"].map(cards.set_index("card_id")["printed_at"])
    looks = scans["referred_id"].isna()
    assert (scans.loc[looks, "ts"] >= printed[looks]).all()


# Leads


@pytest.mark.parametrize("world", worlds_with("leads"))
def test_most_numbers_are_never_called(world):
    block = block_of(world)
    leads, rules = frame(block, "leads"), block.recipe.leads
    assert len(leads) == pytest.approx(rules.per_customer.value * block.size, abs=1.5)
    called = leads["called_at"].notna()
    assert called.mean() == pytest.approx(rules.called.value, abs=near(rules.called.value, len(leads)) + 0.01)
    assert (leads["outcome"].notna() == called).all()
    assert (leads.loc[called, "called_at"] > leads.loc[called, "ts"]).all()
    assert leads.loc[called, "called_at"].dt.hour.between(9, 17).all()
    enrolled = leads["outcome"] == "enrolled"
    assert leads.loc[enrolled, "would_enrol"].all()
    assert leads.loc[enrolled, "phone_works"].all()
    for phone in leads["phone"].head(300):
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone, "VN")), phone


@pytest.mark.parametrize("world", worlds_with("leads"))
def test_some_households_leave_the_same_number(world):
    block = block_of(world)
    leads = frame(block, "leads")
    shared = leads["phone"].duplicated(keep="first").mean()
    share = block.recipe.leads.shared_phone.value
    assert 0.7 * share < shared < 1.1 * share + 0.005


# Firms


@pytest.mark.parametrize("world", worlds_with("companies"))
def test_firms_are_of_one_segment(world):
    block = block_of(world)
    people, roles, firms = (frame(block, name) for name in ("customers", "roles", "companies"))
    joined = people.merge(roles, validate="one_to_one").merge(firms, on="company_id", validate="many_to_one")
    assert len(joined) == block.size
    assert (joined["segment_x"] == joined["segment_y"]).all()
    assert (joined.groupby("company_id").size() <= joined.groupby("company_id")["employees"].first()).all()
    rules = block.recipe.business
    assert joined.groupby("company_id").size().mean() == pytest.approx(rules.people.value, rel=0.06)
    for name, median in rules.employees.items():
        mine = firms.loc[firms["segment"] == name, "employees"]
        assert mine.median() == pytest.approx(median.value, rel=0.15)


@pytest.mark.parametrize("world", worlds_with("stages"))
def test_deals_go_forward_stage_by_stage(world):
    block = block_of(world)
    stages, rules = frame(block, "stages"), block.recipe.business
    names = [*rules.stages, "lost"]
    place = stages["stage"].cat.codes if list(stages["stage"].cat.categories) == names else None
    assert place is not None
    steps = stages.assign(place=place).sort_values(["deal_id", "entered_at"])
    for _deal, rows in list(steps.groupby("deal_id"))[:300]:
        through = [p for p in rows["place"] if p < len(rules.stages)]
        assert through == list(range(len(through)))
        assert rows["entered_at"].is_monotonic_increasing
        assert rows["amount"].nunique() == 1
        assert (rows["stage"] == "lost").sum() <= 1
    assert stages["entered_at"].max() < pd.Timestamp(TODAY)
    # Of deals that left the first stage, the recipe's share went on; those still in it are not counted.
    first, second = list(rules.stages)[:2]
    settled = stages.groupby("deal_id")["stage"].agg(set)
    went = settled.map(lambda some: second in some)
    lost_at_once = settled.map(lambda some: some == {first, "lost"})
    share = rules.stages[first].passes.value
    got = went.sum() / (went | lost_at_once).sum()
    assert got == pytest.approx(share, abs=near(share, (went | lost_at_once).sum()) + 0.01)


# Dirt


def test_dirt_is_as_much_as_the_recipe_says(block):
    raw, clean = frame(block, "customers_raw"), frame(block, "customers").set_index("customer_id")
    own, dirt = clean.loc[raw["customer_id"]].reset_index(), block.recipe.dirt
    assert raw["customer_id"].duplicated().mean() == pytest.approx(
        dirt.duplicates.value, abs=near(dirt.duplicates.value, block.size) + 0.002
    )
    assert set(raw["customer_id"]) == set(clean.index)
    spelt = (raw["province"].to_numpy() != own["province"].to_numpy()).mean()
    assert spelt == pytest.approx(dirt.spelling.value, abs=near(dirt.spelling.value, len(raw)) + 0.01)
    plain = own["birth_date"].dt.strftime("%d/%m/%Y").to_numpy()
    other = (raw["birth_date"].to_numpy() != plain).mean()
    # A date whose day and month are equal reads the same in either order.
    assert other == pytest.approx(dirt.dates.value, abs=near(dirt.dates.value, len(raw)) + 0.01)
    called = raw["phone"].notna().to_numpy()
    assert (called == own["phone"].notna().to_numpy()).all()


def test_dirt_can_be_washed_off(block):
    """What was lost is form, not truth: telephone numbers come back, and provinces have few spellings."""
    raw, clean = frame(block, "customers_raw"), frame(block, "customers").set_index("customer_id")
    own = clean.loc[raw["customer_id"]].reset_index()
    for given, true in zip(raw["phone"].dropna().head(2_000), own["phone"].dropna().head(2_000), strict=True):
        digits = re.sub(r"[ ]|^\+84", "", given)
        assert true in (digits, "0" + digits, given)
    spelt = raw.assign(true=own["province"].to_numpy()).groupby("province")["true"].nunique()
    assert (spelt == 1).all()  # no spelling stands for two provinces
