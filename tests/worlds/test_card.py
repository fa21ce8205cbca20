"""A card says all that is needed and nothing that is to be found out; a picture stays until it shows other things."""

from __future__ import annotations

import base64
import dataclasses
import gettext
import itertools
import re
import unicodedata
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast import language
from narrowcast.worlds import load_recipe, open_world, world_folder, world_names
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.card import (
    PLOTS,
    SAMPLE_ROWS,
    card_text,
    page,
    sample,
    see,
    seen,
    traps_text,
)
from narrowcast.worlds.card.markdown import table
from narrowcast.worlds.card.mistakes import mistakes
from narrowcast.worlds.market import market_of
from narrowcast.worlds.past.sales import sales
from narrowcast.worlds.tables import tables_of

SMALL = 1_500


@pytest.fixture(scope="module", params=world_names())
def recipe(request):
    return load_recipe(world_folder(request.param) / "recipe.toml")


@pytest.fixture(scope="module")
def market(recipe):
    return Blueprint(recipe, SMALL, 7)


@pytest.fixture(scope="module")
def looked(market):
    return see(market)


@pytest.fixture(scope="module")
def written(recipe, looked):
    return str(page(recipe, looked, lambda plot: f"plots/{plot.name}.svg"))


@pytest.fixture(scope="module")
def shop():
    return load_recipe(world_folder("hcmc-fashion") / "recipe.toml")


def changed(recipe, **parts):
    """Return a recipe in which every one of a kind's fields has another value: files={"consent": 0.123}."""
    update = {}
    for kind, fields in parts.items():
        update[kind] = {
            name: one.model_copy(
                update={
                    field: getattr(one, field).model_copy(update={"value": value})
                    for field, value in fields.items()
                }
            )
            for name, one in getattr(recipe, kind).items()
        }
    return recipe.model_copy(update=update)


def cells(line):
    return re.split(r"(?<!\\)\|", line)[1:-1]


class TestWhatIsSeen:
    def test_rows_are_those_of_the_tables(self, market, looked):
        block = market.block(0)
        assert looked.exact
        assert looked.rows == {n: t.draw(block).num_rows for n, t in tables_of(market.recipe).items()}

    def test_sums_are_whole(self, market, looked):
        assert sum(looked.shares) == pytest.approx(1)
        assert sum(looked.margins) == pytest.approx(1)
        assert sum(looked.weekly) == looked.rows["orders"]
        assert sum(looked.times) == SMALL
        assert len(looked.weekly) == market.recipe.history.weeks.value

    def test_margins_weeks_and_counts_are_those_of_the_orders_table(self, market, looked):
        block, recipe = market.block(0), market.recipe
        tables = tables_of(recipe)
        customers = tables["customers"].draw(block).to_pandas()
        orders = tables["orders"].draw(block).to_pandas().merge(customers[["customer_id", "segment"]])
        segment = orders["segment"].astype(str)
        rate = segment.map(
            {name: s.margin_rate.value * recipe.rate_of(name) for name, s in recipe.segments.items()}
        )
        margin = (
            (orders["revenue"] * rate * ~orders["returned"]).groupby(segment).sum().reindex(recipe.segments)
        )
        assert looked.margins == pytest.approx(tuple(margin / margin.sum()))
        first = pd.Timestamp("2026-01-01") - pd.Timedelta(weeks=len(looked.weekly))
        week = ((orders["ts"] - first) / pd.Timedelta(weeks=1)).astype(int)
        assert looked.weekly == tuple(np.bincount(week, minlength=len(looked.weekly)))
        bought = orders.groupby("customer_id").size().clip(upper=seen.MOST_ORDERS)
        assert looked.times == tuple(np.bincount(bought, minlength=seen.MOST_ORDERS + 1)[1:])

    def test_a_week_begins_at_midnight(self, market):
        block = market.block(0)
        weeks = round(market.recipe.history.weeks.value)
        begin = np.datetime64("2026-01-01", "s") - np.timedelta64(7 * 86_400, "s") * np.arange(weeks, 0, -1)
        moments = np.sort(np.concatenate([begin, begin + np.timedelta64(7 * 86_400 - 1, "s")]))
        sold = dataclasses.replace(block.once(sales), moment=moments)
        assert seen._weekly(block, sold).tolist() == [2] * weeks

    def test_credit_and_cause_are_those_of_the_orders_table(self, market, looked):
        orders = tables_of(market.recipe)["orders"].draw(market.block(0)).to_pandas()
        for name, credit in looked.credits.items():
            assert credit.credited == (orders["campaign_id"] == name).sum()
            assert credit.caused == (orders["caused_by"] == name).sum()
            assert credit.both == ((orders["campaign_id"] == name) & (orders["caused_by"] == name)).sum()

    def test_quantiles_rise(self, looked):
        for row in looked.values:
            assert list(row) == sorted(row)

    def test_of_a_large_market_a_smaller_one_is_drawn(self, shop, monkeypatch):
        monkeypatch.setattr(seen, "BLOCK_SIZE", 500)
        small, large = see(Blueprint(shop, 500, 7)), see(Blueprint(shop, 3_000, 7))
        assert (small.exact, large.exact) == (True, False)
        assert large.customers == 3_000
        assert large.rows["orders"] == 6 * small.rows["orders"]
        assert large.rows["campaigns"] == small.rows["campaigns"]  # belongs to the market, whatever its size
        assert "estimated" in page(shop, large)
        assert "estimated" not in page(shop, small)


class TestCard:
    def test_every_part_of_the_recipe_is_on_it(self, recipe, written):
        named = (
            recipe.segments,
            recipe.channels,
            recipe.products,
            recipe.competitors,
            recipe.files,
            recipe.campaigns,
        )
        for name in (name for part in named for name in part):
            assert f"`{name}`" in written
        for part in (recipe.segments, recipe.personas, recipe.channels, recipe.benchmarks, recipe.products):
            for one in part.values():
                assert one.title in written
        for persona in recipe.personas.values():
            for trait in ("interests", "purchasing_power", "demographics", "geography", "psychographics"):
                assert getattr(persona, trait) in written
        assert written.startswith(f"# {recipe.title}\n\n{recipe.story}")
        assert recipe.licence in written
        assert f'nc.open_world("{recipe.name}")' in written
        assert f"narrowcast data build {recipe.name}" in written

    def test_every_column_stands_in_its_table_and_no_hidden_one(self, recipe, looked, written):
        sections = dict(
            re.findall(
                r"^### [^\n]*`(\w+)`\n\n(.*?)(?=\n\n)",
                written.partition("\n## Columns\n")[2],
                re.MULTILINE | re.DOTALL,
            )
        )
        assert list(sections) == list(tables_of(recipe))
        for name, one in tables_of(recipe).items():
            rows = [cells(line) for line in sections[name].splitlines()[2:]]
            assert [row[0].strip(" `") for row in rows] == [c.name for c in one.columns() if not c.hidden]
            for column, row in zip((c for c in one.columns() if not c.hidden), rows, strict=True):
                assert column.meaning in row[2]
                assert column.unit in row[1]
                assert column.key in row[-1]
            assert f"| {looked.rows[name]:,} |" in written

    def test_the_list_of_tables_counts_and_joins_what_is_shown(self, recipe, looked, written):
        listed = written.partition("\n## Tables\n")[2].partition("\n## ")[0]
        rows = [
            [cell.strip() for cell in cells(line)] for line in listed.splitlines() if line.startswith("| `")
        ]
        for row, (name, one) in zip(rows, tables_of(recipe).items(), strict=True):
            shown = [column for column in one.columns() if not column.hidden]
            joins = ", ".join(f"`{column.name}` → `{column.key}`" for column in shown if column.key)
            assert row == [f"`{name}`", one.title(), f"{looked.rows[name]:,}", str(len(shown)), joins or "–"]

    def test_what_is_latent_is_counted_and_not_named(self, recipe, written):
        every = [column for one in tables_of(recipe).values() for column in one.columns()]
        shown = {column.name for column in every if not column.hidden}
        hidden = [column for column in every if column.hidden]
        assert hidden
        assert re.search(rf"^{len(hidden)} further columns? ", written, re.MULTILINE)
        for column in hidden:
            assert column.meaning not in written
            assert column.name in shown or f"`{column.name}`" not in written

    def test_secrets_do_not_move_it(self, recipe, looked, written):
        """Whatever a student is to find out can have any value: the card is the same."""
        secret = changed(
            recipe,
            files={
                "email_valid": 0.111,
                "phone_valid": 0.222,
                "consent": 0.333,
                "overlap": 0.444,
                "shift": 0.555,
            },
            campaigns={"lift": 0.555, "delivered": 0.666, "opened": 0.777, "clicked": 0.888},
            segments={"persuadable": 0.111, "conversion": 0.222, "returns": 0.444},
        )
        assert str(page(secret, looked, lambda plot: f"plots/{plot.name}.svg")) == written

    def test_traps_are_not_on_it(self, recipe, written):
        for trap in recipe.traps:
            assert trap.title not in written
            assert trap.description not in written
        assert "traps" not in written

    def test_tables_are_whole(self, written):
        blocks = [block.splitlines() for block in written.split("\n\n") if block.startswith("|")]
        assert len(blocks) > 10
        for block in blocks:
            assert len({len(cells(line)) for line in block}) == 1

    def test_headings_descend_by_one(self, written):
        levels = [len(marks) for marks in re.findall(r"^(#+) ", written, re.MULTILINE)]
        assert levels[0] == 1
        assert 1 not in levels[1:]
        assert all(below - above <= 1 for above, below in itertools.pairwise(levels))

    def test_it_is_a_page_in_a_notebook(self):
        world = open_world("hcmc-fashion", customers=SMALL)
        assert world.card._repr_markdown_() == world.card
        printed = str(world.card)  # what it looks like in a terminal: no picture as a wall of letters
        assert "data:" not in printed
        assert printed.count("[Two bars for each group.") == 1
        assert max(map(len, printed.splitlines())) < 1_500
        assert repr(world.card) == f"<Card: {world.title}; print it to read it>"
        held = re.findall(r"\]\(data:image/svg\+xml;base64,([\w+/=]+)\)", world.card)
        assert len(held) == len(PLOTS)
        for one in held:
            ET.fromstring(base64.b64decode(one))
        assert f"**{SMALL:,}** customers" in world.card

    def test_a_students_card_is_of_the_students_market(self):
        own, other = (open_world("hcmc-fashion", student=name, customers=SMALL).card for name in ("s1", "s2"))
        assert own != other
        assert own == open_world("hcmc-fashion", student="s1", customers=SMALL).card

    def test_a_varied_market_keeps_its_past_and_shows_its_new_prices(self):
        world = open_world("hcmc-fashion", customers=SMALL)
        before, after = world.card, world.vary(price_ratio=3).card
        assert before.partition("## Tables")[2] == after.partition("## Tables")[2]
        assert f"{3 * world.broadcast_price:,.0f} VND" in after

    def test_text_alone_has_no_pictures(self, shop):
        text = card_text(market_of(shop))
        assert "![" not in text
        assert f"**{shop.market.customers.value:,.0f}** customers" in text
        assert f"| `orders` | {'Orders'} | {see(market_of(shop)).rows['orders']:,} |" in text

    def test_another_size_is_told_as_it_is(self, shop):
        text = card_text(market_of(shop, customers=2_345))
        assert "**2,345** customers" in text

    def test_the_market_is_the_one_that_opens(self, shop):
        opened = open_world("hcmc-fashion")
        assert market_of(shop).digest == opened.past.digest


class Marked(gettext.NullTranslations):
    """Says every message between angle marks, so that what was never asked for stands out."""

    def gettext(self, message):
        return f"«{message}»"

    def ngettext(self, one, many, count):
        return f"«{one if count == 1 else many}»"


@pytest.mark.parametrize("write", [lambda r, s: page(r, s, lambda plot: f"{plot.name}.svg"), traps_text])
def test_every_word_can_be_said_in_another_language(recipe, looked, write, monkeypatch):
    monkeypatch.setattr(language, "catalogue", lambda *_place: Marked())
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", write(recipe, looked), flags=re.DOTALL)
    while "«" in text:
        text, before = re.sub(r"«[^«»]*»", "", text), text
        assert text != before
    left = set(re.findall(r"[^\W\d_]+", text)) - {recipe.currency, *recipe.exchange}
    assert left <= {"CC", "BY", *(f"M{n}" for n in range(1, 27)), "M"}


@given(st.lists(st.lists(st.text(), min_size=3, max_size=3), max_size=4))
def test_no_text_leaves_its_cell(rows):
    lines = table(["a", "b", "c"], rows).split("\n")
    assert len(lines) == len(rows) + 2
    assert all(len(cells(line)) == 3 for line in lines)


class TestTraps:
    def test_each_trap_and_its_mistake(self, recipe, looked):
        text = traps_text(recipe, looked)
        for trap in recipe.traps:
            assert f"### {trap.title}\n\n{trap.description}" in text
            if trap.mistake:
                name, cure = mistakes()[trap.mistake]
                assert f"**{trap.mistake}**, {name}. Cure: {cure}." in text

    def test_what_the_card_keeps_back_stands_there(self, recipe, looked):
        text = traps_text(recipe, looked)
        for one in tables_of(recipe).values():
            for column in one.columns():
                assert (column.meaning in text) or not column.hidden
        for name, credit in looked.credits.items():
            row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
            assert [cell.strip() for cell in cells(row)][2:] == [
                f"{n:,}" for n in (credit.credited, credit.caused, credit.both)
            ]
        other = changed(recipe, files={"consent": 0.123})
        assert "12.3%" in traps_text(other, looked)

    def test_mistakes_are_those_of_the_course(self):
        assert list(mistakes()) == [f"M{number}" for number in range(1, 27)]
        assert len({name for name, _cure in mistakes().values()}) == 26


class TestSample:
    def test_it_is_the_first_hundred_of_the_public_market(self, recipe):
        lines = sample(recipe).splitlines()
        assert len(lines) == 1 + min(SAMPLE_ROWS, round(recipe.market.customers.value))
        one = tables_of(recipe)["customers"]
        assert lines[0].split(",") == [column.name for column in one.columns() if not column.hidden]
        drawn = one.draw(market_of(recipe).block(0)).to_pandas()
        assert [line.partition(",")[0] for line in lines[1:]] == drawn["customer_id"].head(
            SAMPLE_ROWS
        ).tolist()
        assert unicodedata.is_normalized("NFC", sample(recipe))
