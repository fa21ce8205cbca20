"""Every world's recipe holds together, keeps to what it cites, and its traps are really in its numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1

from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.figures import Figure, Part, Series
from narrowcast.worlds.people.vietnamese import provinces
from narrowcast.worlds.places import world_folder, world_names
from narrowcast.worlds.recipe import Recipe, load_recipe
from narrowcast.worlds.student import personal_recipe
from narrowcast.worlds.tables.catalogue import table_named

WORLDS = {  # world: its segments and the channels that its lessons need
    "danang-tourism": ({"domestic", "korean", "english"}, {"seo", "display"}),
    "farm-box": ({"family", "gym"}, {"referral", "qr"}),
    "hanoi-coffee": ({"office", "student", "gift"}, {"social", "email", "qr"}),
    "hcmc-fashion": ({"bargain", "loyal", "trend"}, {"search", "social", "display"}),
    "language-school": ({"parent", "pupil", "worker"}, {"landing-page", "sms", "phone"}),
    "saas-b2b": ({"small", "enterprise"}, {"linkedin", "phone"}),
    "soft-drink": ({"youth", "family", "office"}, {"television", "niche"}),
}

DMA_HOUSE = (0.2205, 0.015, 0.0340, 0.1285, 10.09)  # opens, sales a click, letters, calls, price of a call
DMA_PROSPECTS = (0.1143, 0.004, 0.0128, 0.0821, 15.64)
PUBLISHED = {  # what a figure cites, and the figures that stand there
    "Mailchimp 2015": (0.1693, 0.0263, 0.0020, 1 - 0.0035 - 0.0027, 0.0263 / 0.1693),
    "Mailchimp 2018": (0.2109, 0.0261, 0.0023, 1 - 0.0061 - 0.0039, 0.0261 / 0.2109),
    "Mailchimp 2019": (0.2271, 0.0291, 0.0061, 0.0025, 1 - 0.0061 - 0.0040, 0.0291 / 0.2271),
    "Direct Marketing Association 2012": (*DMA_HOUSE, *DMA_PROSPECTS),
    "WordStream 2015": (0.0191, 0.0035, 0.0270, 0.0166, 0.0191),
    "Wolfgang Digital 2016": (0.0148, 0.0200, 0.0112, 0.0204),
    "CDNOW, 23,570": (0.505, 0.678),
    "CDNOW, refitted": (0.2426, 4.4135, 0.7929, 2.4258),
    "Solomon and OAAA 2022": (6.75, 20.0, 36.0, 46.82, 2.27),
    "Sultan, Farley and Lehmann 1990": (0.03, 0.38),
    "Sethuraman, Tellis and Briesch 2011": (0.12, 0.24),
    "Schmitt, Skiera and Van den Bulte 2011": (0.16,),
    "Lewis and Rao 2015": (10.0,),
    "Oldroyd": (6.0,),
    "Sistrix 2020": (0.285, 0.157, 0.025),
    "calls of a Portuguese bank": (0.11698, 0.0916, 0.2307),
}


def recipe_of(name: str) -> Recipe:
    return load_recipe(world_folder(name) / "recipe.toml")


@pytest.fixture(params=world_names())
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return recipe_of(request.param)


def parts(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every part of a recipe with its path, from the whole to the texts and numbers."""
    yield path, value
    if isinstance(value, Part):
        for name in type(value).model_fields:
            yield from parts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from parts(inner, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from parts(inner, f"{path}.{number}")


def figures(recipe: Recipe) -> dict[str, Figure | Series]:
    return {path: part for path, part in parts(recipe) if isinstance(part, Figure | Series)}


def orders_by(t: np.ndarray, repeat: object) -> np.ndarray:
    """Return the repeat orders expected by time t: equation (9) of Fader, Hardie and Lee (2005)."""
    r, alpha, a, b = (getattr(repeat, name).value for name in ("r", "alpha", "a", "b"))
    still = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return (a + b - 1) / (a - 1) * (1 - still)


def orders_last_year(recipe: Recipe, segment: str) -> float:
    """Return a customer's expected orders of the last 52 weeks, if customers come at an even pace."""
    weeks, repeat = recipe.history.weeks.value, recipe.segments[segment].repeat
    age = (np.arange(2_000) + 0.5) / 2_000 * weeks
    first = age <= 52
    return float((first + orders_by(age, repeat) - orders_by(np.maximum(age - 52, 0), repeat)).mean())


def margins(recipe: Recipe) -> dict[str, float]:
    """Return what each segment earned in the last year, per customer of the world."""
    earned = {}
    for name, s in recipe.segments.items():
        order = s.order_value.value * s.margin_rate.value
        earned[name] = s.share.value * order * orders_last_year(recipe, name)
    return earned


def versions(name: str) -> Iterator[Recipe]:
    """Yield a world's recipe and those of many students."""
    recipe = recipe_of(name)
    yield recipe
    for student in range(150):
        yield personal_recipe(recipe, f"s{student:03d}", "salt")


@lru_cache(maxsize=8)
def block_of(name: str) -> Block:
    recipe = recipe_of(name)
    return Blueprint(recipe, round(recipe.market.customers.value), seed=5).block(0)


@lru_cache(maxsize=32)
def drawn(name: str, table: str) -> pd.DataFrame:
    """Return a table of a whole market: none has more customers than one block."""
    assert block_of(name).blueprint.blocks == 1
    frame: pd.DataFrame = table_named(recipe_of(name), table).draw(block_of(name)).to_pandas()
    return frame


def by_device(recipe: Recipe, name: str) -> tuple[float, float]:
    """Return a segment's orders a visit on a computer and on a phone."""
    segment = recipe.segments[name]
    mobile, ratio = segment.mobile.value, segment.mobile_conversion.value
    desktop = segment.conversion.value * (mobile / ratio + 1 - mobile)
    return desktop, ratio * desktop


def test_the_seven_worlds_are_there():
    assert set(world_names()) >= set(WORLDS)


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_has_the_groups_and_channels_of_its_lessons(name):
    segments, channels = WORLDS[name]
    recipe = recipe_of(name)
    assert set(recipe.segments) == segments
    assert set(recipe.channels) >= channels


@pytest.mark.parametrize("name", world_names())
def test_folder_and_recipe_have_one_name(name):
    assert recipe_of(name).name == name


def test_every_number_says_unit_and_source(recipe):
    assert all(figure.unit.strip() and figure.source.strip() for figure in figures(recipe).values())


def test_a_cited_figure_is_the_published_one(recipe):
    """A source that is named must say this number; what only leans on it begins with "teaching"."""
    for path, figure in figures(recipe).items():
        if isinstance(figure, Series) or figure.source.startswith(("teaching", "after")):
            continue
        for source, said in PUBLISHED.items():
            if figure.source.startswith(source):
                near = min(abs(value - figure.value) for value in said)
                assert near < 0.0006, f"{path} = {figure.value} is not in {source}"


def test_every_source_is_known(recipe):
    """Chosen, explained by the file itself, or published: a new source is added to `PUBLISHED` first."""
    known = (*PUBLISHED, *(f"after {source}" for source in PUBLISHED), "teaching", "Robyn documentation: ")
    known += ("after the e-mail trial of Hillstrom (2008)", "after Sahni, Wheeler and Chintagunta 2018: ")
    known += ("Zhang, Kumar and Cosguner 2017: ", "after Zhang, Kumar and Cosguner 2017: ")
    known += ("CDNOW spend", "everybody who gave an address", "a house file holds customers", "its own")
    strange = {figure.source for figure in figures(recipe).values() if not figure.source.startswith(known)}
    assert not strange


def test_a_cited_range_holds_the_figure(recipe):
    for path, figure in figures(recipe).items():
        said = re.fullmatch(r"Robyn documentation: .* ([\d.]+) to ([\d.]+)", figure.source)
        if said:
            assert float(said[1]) <= figure.value <= float(said[2]), path


def test_texts_name_nobody_who_can_be_reached(recipe):
    reachable = re.compile(
        r"\S@\S|https?:|www\.|\.(?:com|vn|net|org|kr)\b|(?<!\d)(?:\+84|0)\d(?:[ .]?\d){7,}"
    )
    texts = [part for _path, part in parts(recipe) if isinstance(part, str)]
    assert not [text for text in texts if reachable.search(text)]


def test_every_segment_has_a_persona(recipe):
    assert {persona.segment for persona in recipe.personas.values()} == set(recipe.segments)
    assert 3 <= len(recipe.personas) <= 6
    texts = [text for path, text in parts(recipe) if path.startswith(".personas") and isinstance(text, str)]
    assert all(text.strip() for text in texts)


def test_traps_name_mistakes(recipe):
    assert sum(bool(trap.mistake) for trap in recipe.traps) >= 3
    assert len({trap.title for trap in recipe.traps}) == len(recipe.traps)


def test_there_is_enough_to_compare_with(recipe):
    assert len(recipe.products) >= 3
    assert len(recipe.competitors) >= 2
    assert len(recipe.benchmarks) >= 4
    assert {channel.kind for channel in recipe.channels.values()} == {"broadcast", "narrowcast"}
    assert all(product.unit_cost.value < product.price.value for product in recipe.products.values())


def test_voices_are_heard_where_we_speak_and_add_up_to_one_at_most(recipe):
    heard: dict[str, float] = {}
    for competitor in recipe.competitors.values():
        for medium, share in competitor.share_of_voice.items():
            heard[medium] = heard.get(medium, 0) + share.value
    assert set(heard) <= {channel.medium for channel in recipe.channels.values()}
    assert max(heard.values()) < 1


def test_the_mean_month_is_one(recipe):
    assert math.fsum(recipe.history.seasonality.values) / 12 == pytest.approx(1, abs=0.005)


def test_customers_come_on_ways_that_there_are(recipe):
    assert set(recipe.history.acquisition) <= {*recipe.channels, "direct", "referral"}


def test_campaigns_lie_in_the_history_and_one_has_a_holdout(recipe):
    assert 2 <= len(recipe.campaigns) <= 4
    assert any(campaign.holdout.value > 0 for campaign in recipe.campaigns.values())
    assert any(campaign.holdout.value == 0 for campaign in recipe.campaigns.values())
    first = recipe.history.weeks.value
    assert all(c.days.value / 7 < c.weeks_ago.value < first for c in recipe.campaigns.values())


def test_a_purchased_file_is_worse_than_it_says(recipe):
    (house,) = (file for file in recipe.files.values() if file.kind == "house")
    assert house.price.value == 0
    assert house.overlap.value == 1
    assert house.claimed_consent.value == house.consent.value
    for file in recipe.files.values():
        if file.kind == "purchased":
            assert file.consent.value < file.claimed_consent.value
            assert file.overlap.value < 0.5 < file.price.value


def test_people_live_in_places_of_their_country(recipe):
    for segment in recipe.segments.values():
        if segment.locale == "vi_VN":
            assert set(segment.provinces) <= set(provinces())
        else:
            assert sum(segment.provinces.values()) == pytest.approx(1)


def test_every_currency_has_a_rate(recipe):
    for name in recipe.segments:
        assert recipe.rate_of(name) > 0
        assert (recipe.rate_of(name) == 1) == (recipe.currency_of(name) == recipe.currency)
    assert set(recipe.exchange) == {recipe.currency_of(name) for name in recipe.segments} - {recipe.currency}


def test_no_device_sells_more_than_every_visit(recipe):
    assert all(max(by_device(recipe, name)) <= 1 for name in recipe.segments)


def test_customers_order_neither_hardly_ever_nor_all_the_time(recipe):
    for name in recipe.segments:
        assert 0.1 < orders_last_year(recipe, name) < 26


def test_a_year_holds_the_visits_that_its_orders_take(recipe):
    """Orders of BG/NBD over the conversion of a visit are visits: now and then, and less than daily."""
    for name, segment in recipe.segments.items():
        visits = orders_last_year(recipe, name) / segment.conversion.value
        assert 1 < visits < 200


def test_the_simulators_numbers_are_a_shops(recipe):
    response = recipe.response
    assert response.personal_click.value < response.personal_open.value  # the name on the envelope, above all
    assert 1 <= response.synergy_weeks.value <= 4
    assert 26 <= response.horizon.value <= 156
    values = {name: s.order_value.value * s.margin_rate.value for name, s in recipe.segments.items()}
    assert 0 < response.consent_worth.value < 2 * max(values.values())
    for file in recipe.files.values():
        assert (file.shift.value == 0) == (file.kind == "house")


def test_coffee_is_cdnow():
    for segment in recipe_of("hanoi-coffee").segments.values():
        values = [getattr(segment.repeat, name).value for name in ("r", "alpha", "a", "b")]
        assert values == [0.2426, 4.4135, 0.7929, 2.4258]


def test_coffee_is_sold_for_tet():
    months = recipe_of("hanoi-coffee").history.seasonality.values
    assert min(months[0], months[11]) > max(2 * months[5], *months[1:11])


@pytest.mark.parametrize("name", ["hanoi-coffee", "danang-tourism", "hcmc-fashion", "saas-b2b"])
def test_the_largest_segment_is_not_the_most_profitable(name):
    """In no student's market either."""
    for recipe in versions(name):
        earned = margins(recipe)
        largest = max(recipe.segments, key=lambda of: recipe.segments[of].share.value)
        assert max(earned, key=earned.__getitem__) != largest


def test_a_coffee_campaign_for_students_with_a_return_of_four_loses_money():
    assert 4 * recipe_of("hanoi-coffee").segments["student"].margin_rate.value < 1


def test_in_danang_the_ranking_turns_over():
    """Simpson: Korean guests book more often on either device, and less often in all; so for every student."""
    for recipe in versions("danang-tourism"):
        assert recipe.segments["korean"].conversion.value < 0.95 * recipe.segments["english"].conversion.value
        for ours, theirs in zip(by_device(recipe, "korean"), by_device(recipe, "english"), strict=True):
            assert ours > 1.05 * theirs


def test_danang_speaks_three_languages_and_is_full_in_summer():
    recipe = recipe_of("danang-tourism")
    assert {segment.locale for segment in recipe.segments.values()} == {"vi_VN", "ko_KR", "en_US"}
    assert {recipe.currency_of(name) for name in recipe.segments} == {"VND", "KRW", "USD"}
    *spring, june, july, august = recipe.history.seasonality.values[:8]
    assert min(june, july, august) > max(*spring, *recipe.history.seasonality.values[8:])


def test_in_danangs_tables_the_ranking_turns_over():
    people = drawn("danang-tourism", "customers")[["customer_id", "segment", "device"]]
    events = drawn("danang-tourism", "events").merge(people, on="customer_id", validate="many_to_one")

    def rates(*by: str) -> pd.Series:
        seen = events.groupby([*by, "type"], observed=True).size().unstack("type")
        return seen["order"] / seen["visit"]

    assert rates("segment")["korean"] < rates("segment")["english"]
    for device in ("mobile", "desktop"):
        assert rates("segment", "device")["korean", device] > rates("segment", "device")["english", device]


def test_coffees_customers_buy_as_cdnows_did():
    """Of those who can be watched for CDNOW's 78 weeks half buy once; the best fifth bring two thirds."""
    orders = drawn("hanoi-coffee", "orders")
    since = orders["ts"] - orders.groupby("customer_id")["ts"].transform("min")
    watched = orders.groupby("customer_id")["ts"].transform("min") < orders["ts"].max() - pd.Timedelta(
        weeks=78
    )
    bought = orders[watched & (since < pd.Timedelta(weeks=78))].groupby("customer_id")["revenue"]
    spent = bought.sum().sort_values(ascending=False)
    assert (bought.size() == 1).mean() == pytest.approx(0.505, abs=0.03)
    assert spent.head(len(spent) // 5).sum() / spent.sum() == pytest.approx(0.678, abs=0.03)


def test_numbers_of_the_school_lie_uncalled_and_belong_to_households():
    leads = drawn("language-school", "leads")
    assert leads["called_at"].notna().mean() == pytest.approx(0.22, abs=0.02)
    assert leads["phone"].duplicated(keep=False).mean() > 0.1
    assert 0.3 < leads["consent"].mean() < 0.7


def test_the_schools_mail_tells_clicks_from_people_and_sent_from_delivered():
    events = drawn("language-school", "events").query("campaign_id == 'term-mail'")
    touches = drawn("language-school", "touches").query("campaign_id == 'term-mail'")
    clicks = events[events["type"] == "click"]
    assert len(clicks) > 1.4 * clicks["customer_id"].nunique()
    assert touches["delivered"].mean() < 0.9
    assert (events["type"] == "open").sum() > 1.4 * 0.2271 * touches["delivered"].sum()  # machines open too


def test_the_farms_chain_of_referrals_dies_out_and_some_is_fraud():
    codes, uses = drawn("farm-box", "codes"), drawn("farm-box", "referrals")
    assert 0.3 < len(uses) / recipe_of("farm-box").market.customers.value < 0.6
    home = drawn("farm-box", "households").set_index("customer_id")["household_id"]
    holder = uses["code"].map(codes.set_index("code")["customer_id"]).map(home)
    assert (holder == uses["referred_id"].map(home)).mean() > 0.1
    assert drawn("farm-box", "scans")["referred_id"].notna().mean() < 0.1


def test_the_farms_fields_are_too_small_before_tet_and_wide_enough_in_autumn():
    came = drawn("farm-box", "customers")["acquired_at"]
    room = recipe_of("farm-box").benchmarks["capacity"].figure.value
    orders = drawn("farm-box", "orders")["ts"]

    def boxes(first: str, weeks: int) -> float:
        begin, end = pd.Timestamp(first), pd.Timestamp(first) + pd.Timedelta(weeks=weeks)
        return 1_000 * ((orders >= begin) & (orders < end)).sum() / weeks / (came < end).sum()

    assert boxes("2025-12-04", 4) > room > boxes("2025-09-04", 8)


def test_deals_joined_on_the_firm_alone_are_counted_again():
    won = drawn("saas-b2b", "stages").query("stage == 'won'")
    joined = won.merge(drawn("saas-b2b", "roles"), on="company_id")
    assert joined["amount"].sum() > 1.4 * won["amount"].sum()


def test_a_small_firm_pays_back_only_with_salaries_left_out():
    recipe = recipe_of("saas-b2b")
    business = recipe.business
    assert business is not None
    assert recipe.market.customers.value < 1_000
    *before, _won = business.stages.values()
    won = math.prod(stage.passes.value for stage in before)
    assert sum(stage.days.value for stage in before) > 60
    for name, years in (("small", (3, 10)), ("enterprise", (0, 1))):
        yearly = business.employees[name].value * business.deal_value.value
        yearly *= recipe.segments[name].margin_rate.value
        assert years[0] < business.overhead.value / won / yearly < years[1]
