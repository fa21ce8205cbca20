"""The catalogue of media: complete, within reason, and what a recipe leaves to it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from narrowcast.errors import NarrowcastError, RecipeError, UnknownName
from narrowcast.worlds import load_recipe, open_world, world_folder
from narrowcast.worlds.card.words import media as told
from narrowcast.worlds.figures import Figure
from narrowcast.worlds.media import CATALOGUE, MEDIA, PRICED_FOR, Channel, catalogue, channel_for, coverage

COURSE = {
    "broadcast": {"television", "radio", "press"},
    "aimed": {"display", "social", "niche"},
    "looked for": {"search", "seo", "affiliate"},
    "direct": {"email", "post", "phone", "sms"},
    "friends": {"referral", "viral", "qr"},
}
WRITTEN = tomllib.loads(CATALOGUE.read_text("utf-8"))
TEXT = (world_folder("hcmc-fashion") / "recipe.toml").read_text("utf-8")
SOCIAL = TEXT[TEXT.index("[channels.social]") : TEXT.index("[channels.search]")]
BARE = '[channels.social]\ntitle = "Social media"\nkind = "narrowcast"\nmedium = "social"\n'


def noticed(medium: str) -> float:
    """Return the share of contacts noticed at a match of one half among 60 messages, in the course's markets."""
    return float(expit(catalogue()[medium].attention.value + 3 * 0.5 - 0.5 * np.log(61)))


def cited(medium: str, field: str) -> str:
    source: str = getattr(catalogue()[medium], field).source
    return source


@pytest.fixture
def shop(tmp_path: Path):
    """Return a function that reads the fashion shop's recipe with other lines for its social channel."""

    def read(lines: str, *, text: str = TEXT):
        file = tmp_path / "recipe.toml"
        file.write_text(text.replace(SOCIAL, lines + "\n"), encoding="utf-8")
        return load_recipe(file)

    return read


class TestCatalogue:
    def test_it_holds_the_sixteen_media_of_the_course(self):
        assert set(catalogue()) == set(WRITTEN) == set(MEDIA) == set().union(*COURSE.values())
        assert set(told()) == set(MEDIA)
        assert len(MEDIA) == 16

    @pytest.mark.parametrize("medium", MEDIA)
    def test_every_field_is_written_with_unit_and_source(self, medium):
        assert set(WRITTEN[medium]) == set(Channel.model_fields) - {"medium"} | {"coverage"}
        covered = coverage(medium)
        assert covered.unit == "people"
        assert covered.source.startswith("teaching: ")
        bought_by_contact = catalogue()[medium].pays_for == "contacts"
        assert (0 < covered.value <= PRICED_FOR) if bought_by_contact else covered.value == 0
        for name in Channel.model_fields:
            value = getattr(catalogue()[medium], name)
            if isinstance(value, Figure):
                assert value.unit.strip(), name
                assert re.match(
                    r"(teaching|(after )?(Mailchimp|Solomon|WordStream|Direct Marketing|Sistrix|Robyn|Zhang, Kumar))",
                    value.source,
                ), name

    @pytest.mark.parametrize("medium", MEDIA)
    def test_a_medium_does_what_its_kind_does(self, medium):
        channel = catalogue()[medium]
        ways = {"broadcast": "bought", "aimed": "bought", "looked for": "searched", "direct": "sent"}
        (group,) = (name for name, members in COURSE.items() if medium in members)
        assert channel.delivery == ways.get(group, "shared")
        assert (channel.kind == "broadcast") == (group == "broadcast") == (channel.precision.value == 0)
        assert (channel.address != "none") == (channel.delivery == "sent") == (channel.pays_for == "sends")
        assert (channel.traffic.value > 0) == (channel.delivery == "searched")
        assert (
            (channel.unsubscribe.value > 0) == (channel.delivery == "sent") == (channel.complaint.value > 0)
        )
        assert (
            (channel.rivals.value > 0) == (channel.rival_strength.value > 0) == (medium in {"search", "seo"})
        )
        assert (channel.commission.value > 0) == (medium == "affiliate")
        assert (channel.pass_on.value > 0) == (channel.delivery == "shared") == (channel.share.value > 0)
        assert (channel.machine_opens.value > 0) == (medium == "email")
        if channel.click.value == 0:
            assert channel.leads.value == channel.cookie_weeks.value == 0

    @pytest.mark.parametrize(
        ("medium", "share"), [("email", 0.2271), ("sms", 0.6), ("phone", 0.35), ("post", 0.5)]
    )
    def test_as_many_notice_as_the_source_says(self, medium, share):
        assert noticed(medium) == pytest.approx(share, abs=0.003)

    @pytest.mark.parametrize(
        ("medium", "rate"),
        [
            ("email", 0.0291),
            ("display", 0.0035),
            ("search", 0.0191),
            ("seo", 0.285),
            ("phone", 0.1285),
            ("post", 0.034),
        ],
    )
    def test_as_many_answer_a_contact_as_the_source_says(self, medium, rate):
        assert noticed(medium) * catalogue()[medium].click.value == pytest.approx(rate, rel=0.02)
        assert f"{rate:g}" in cited(medium, "click")

    @pytest.mark.parametrize("medium", ["television", "social", "search", "display", "niche"])
    def test_where_lesson_1_speaks_the_attention_line_is_the_markets(self, medium):
        assert catalogue()[medium].attention.value == 0

    def test_a_cited_price_is_the_published_one_in_dong(self):
        for medium, (dollars, part) in {
            "television": (20, 8), "radio": (6.75, 8), "press": (46.82, 8), "display": (2.27, 1)
        }.items():  # fmt: skip
            price = catalogue()[medium].price_per_thousand
            assert price.value == pytest.approx(dollars * 25_000 / part, rel=0.01)
            assert f"{dollars} USD" in price.source
        for medium in MEDIA:
            said = re.fullmatch(r"Robyn documentation: .* ([\d.]+) to ([\d.]+)", cited(medium, "retention"))
            if said:
                assert float(said[1]) <= catalogue()[medium].retention.value <= float(said[2])

    def test_nobody_can_change_it(self):
        with pytest.raises(TypeError):
            catalogue()["email"] = catalogue()["sms"]
        channels = dict(catalogue())
        channels.clear()
        assert len(catalogue()) == 16


class TestFilling:
    def test_what_a_recipe_leaves_out_is_the_mediums(self, shop):
        social = shop(BARE).channels["social"]
        assert social == catalogue()["social"].model_copy(update={"title": "Social media"})

    def test_a_figure_of_its_own_wins(self, shop):
        own = 'click = { value = 0.5, unit = "share", source = "teaching" }\ndelivery = "searched"\n'
        social = shop(BARE + own).channels["social"]
        assert (social.click.value, social.delivery) == (0.5, "searched")
        assert social.leads == catalogue()["social"].leads

    def test_the_schools_leaflets_are_letters_to_nobody_by_name(self):
        leaflets = load_recipe(world_folder("language-school") / "recipe.toml").channels["leaflets"]
        assert leaflets.medium == "post"
        assert (leaflets.delivery, leaflets.address, leaflets.pays_for) == ("bought", "none", "contacts")

    @pytest.mark.parametrize(
        ("lines", "field", "said"),
        [
            (BARE.replace('medium = "social"\n', ""), "channels.social.medium", "missing"),
            (BARE.replace('title = "Social media"\n', ""), "channels.social.title", "missing"),
            (BARE.replace('kind = "narrowcast"\n', ""), "channels.social.kind", "missing"),
            (BARE.replace('"social"\n', '"socail"\n'), "channels.social.medium", "television"),
            (BARE.replace('"social"\n', "[1]\n"), "channels.social.medium", "television"),
            (BARE + "clikc = 1", "channels.social.clikc", "Did you mean 'click'"),
            (BARE + "click = 0.1", "channels.social.click", ""),
            (BARE + 'click = { value = 2, unit = "s", source = "t" }', "channels.social.click", "outside 0"),
            (BARE + 'delivery = "flown"', "channels.social.delivery", "bought"),
            (BARE + 'delivery = "sent"', "channels.social", "only what is sent has an address"),
            (BARE + 'address = "email"', "channels.social", "only what is sent has an address"),
            ("[channels]\nsocial = 3", "channels.social", ""),
        ],
    )  # fmt: skip
    def test_a_wrong_channel_is_answered_with_its_field(self, shop, lines, field, said):
        text = TEXT.replace(SOCIAL, "").replace("[channels.television]", f"{lines}\n[channels.television]", 1)
        with pytest.raises(RecipeError) as caught:
            shop("", text=text)
        assert field in caught.value.field
        assert said in str(caught.value)

    def test_prices_of_the_catalogue_are_not_taken_for_other_money(self, shop):
        text = TEXT.replace('currency = "VND"', 'currency = "USD"')
        with pytest.raises(RecipeError, match=r"price_per_thousand.*in VND; the market's money is USD"):
            shop(BARE, text=text)


class TestWithMedia:
    def test_the_same_people_with_further_channels(self, fashion):
        more = fashion.with_media("email", "phone")
        assert list(more.recipe.channels) == [*fashion.recipe.channels, "email", "phone"]
        assert more.recipe.channels["phone"] == catalogue()["phone"]
        pd.testing.assert_frame_equal(more.channels.iloc[:4], fashion.channels)
        for array in ("segment", "noise", "exposure"):
            assert getattr(more.population, array) is getattr(fashion.population, array)
        assert np.array_equal(more.population.reachable[:, :4], fashion.population.reachable)
        assert more.population.reachable.shape == (2_000, 6)
        assert more.population.reachable[:, 4].mean() == pytest.approx(0.9, abs=0.03)
        pd.testing.assert_frame_equal(more.customers, fashion.customers)
        assert (more.seed, more.past) == (fashion.seed, fashion.past)

    def test_the_market_it_came_from_stays(self, fashion):
        before = fashion.recipe.model_dump_json(), fashion.population.reachable.copy()
        fashion.with_media("email")
        assert fashion.recipe.model_dump_json() == before[0]
        assert np.array_equal(fashion.population.reachable, before[1])
        with pytest.raises(ValueError, match=r"read-only"):
            fashion.with_media("email").population.reachable[0] = False

    def test_one_after_the_other_is_both_at_once(self, fashion):
        both, steps = fashion.with_media("email", "sms"), fashion.with_media("email").with_media("sms")
        assert steps.recipe == both.recipe
        assert np.array_equal(steps.population.reachable, both.population.reachable)
        assert fashion.with_media().recipe == fashion.recipe

    def test_every_medium_can_be_added_to_every_world(self, world):
        missing = [name for name in MEDIA if name not in world.recipe.channels]
        more = world.with_media(*missing)
        assert set(MEDIA) <= set(more.channels.index)
        assert more.population.reachable.shape[1] == len(more.recipe.channels)
        assert "| `viral` | Passing on |" in str(more.card) or "viral" in world.recipe.channels

    def test_it_goes_with_variation_and_students(self):
        own = open_world("soft-drink", student="s1", customers=500)
        more = own.with_media("email").vary(precision=0.3)
        assert more.student == "s1"
        assert more.channels.loc["email", "precision"] == 0.3
        changed = own.vary(clutter=5).with_media("email")
        assert changed.clutter == 5

    def test_what_is_there_stays_as_it_is(self, fashion):
        assert fashion.with_media("social").recipe == fashion.recipe
        assert fashion.with_media("email", "email").recipe == fashion.with_media("email").recipe
        more = fashion.with_media("email")
        again = more.with_media("social", "email", "sms")
        assert list(again.recipe.channels) == [*fashion.recipe.channels, "email", "sms"]
        assert again.recipe.channels["social"] == fashion.recipe.channels["social"] != catalogue()["social"]
        assert np.array_equal(again.population.reachable[:, :5], more.population.reachable)

    def test_unknown_ones_and_other_money_are_answered(self, fashion):
        with pytest.raises(UnknownName, match=r"no medium 'e-mail'. Did you mean 'email'"):
            fashion.with_media("social", "e-mail")
        dollars = type(fashion)(fashion.recipe.model_copy(update={"currency": "USD"}), fashion.population, 1)
        with pytest.raises(RecipeError, match=r"prices are in VND, and the market's money is USD"):
            dollars.with_media("email")
        assert dollars.with_media("social").recipe == dollars.recipe

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.one_of(st.text(), st.binary(), st.floats(), st.none(), st.lists(st.sampled_from(MEDIA))))
    def test_nothing_but_our_own_error_comes_out(self, fashion, value):
        try:
            more = fashion.with_media(value)
        except NarrowcastError:
            return
        assert value in more.channels.index

    def test_a_small_market_pays_for_all_whom_a_medium_covers(self):
        software = open_world("saas-b2b")  # 600 people
        more = software.with_media("television", "social", "email", "search")
        for medium, covered in (("television", 20_000), ("social", 5_000)):
            own, usual = more.recipe.channels[medium], catalogue()[medium]
            assert own.price_per_thousand.value == pytest.approx(
                usual.price_per_thousand.value * covered / 600
            )
            assert "in the market" in own.price_per_thousand.source
            assert own.model_copy(update={"price_per_thousand": usual.price_per_thousand}) == usual
        assert all(more.recipe.channels[name] == catalogue()[name] for name in ("email", "search"))
        assert software.recipe.channels == {n: more.recipe.channels[n] for n in software.recipe.channels}

    def test_bought_contacts_cost_a_small_market_what_its_own_channels_do(self):
        """Before, they cost a tenth of the trade press, and returned a thousand times what was paid."""
        channels = open_world("saas-b2b").with_media(*MEDIA).recipe.channels
        own = [channels[name].price_per_thousand.value for name in ("trade-press", "linkedin")]
        bought = [n for n in MEDIA if channels[n].delivery == "bought"]
        assert len(bought) == 6
        for name in bought:
            assert min(own) / 2 < channels[name].price_per_thousand.value < 4 * max(own)

    def test_it_is_the_markets_size_that_counts_not_the_samples(self, fashion):
        assert fashion.market_size == 20_000 > fashion.size
        assert fashion.with_media("press").recipe.channels["press"] == catalogue()["press"]
        grown = open_world("saas-b2b", customers=20_000).with_media("press")
        assert grown.recipe.channels["press"] == catalogue()["press"]

    @given(st.sampled_from(MEDIA), st.integers(1, 200_000_000))
    def test_no_price_falls_and_none_rises_in_the_markets_it_is_for(self, medium, people):
        price, usual = (
            c.price_per_thousand.value for c in (channel_for(medium, people), catalogue()[medium])
        )
        assert price >= usual
        assert price == usual or people < PRICED_FOR

    def test_arrays_are_no_names(self, fashion):
        with pytest.raises(UnknownName, match=r"medium"):
            fashion.with_media(np.array(["email", "sms"]))
