"""What holds for every table of every world: form, keys, what may be missing, and that blocks do not matter."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from drawn_blocks import CUSTOMERS, block_of

from narrowcast.worlds import world_names
from narrowcast.worlds.blueprint import BLOCK_SIZE, Block, Blueprint
from narrowcast.worlds.population import REGION_SIZE
from narrowcast.worlds.tables import TABLES, tables_of

EVERY = [(world, table) for world in world_names() for table in tables_of(block_of(world).recipe)]


@pytest.fixture(params=EVERY, ids="-".join)
def drawn(request):
    world, name = request.param
    return block_of(world), TABLES[name]


def test_every_table_is_in_some_world():
    assert {table for _world, table in EVERY} == set(TABLES)


def test_the_form_is_the_one_described(drawn):
    block, table = drawn
    rows = table.of(block)
    rows.validate(full=True)
    assert rows.schema == table.schema()
    assert rows.num_rows > 0
    assert all(column.meaning for column in table.columns())


def test_nothing_is_missing_but_what_may_be(drawn):
    block, table = drawn
    for column in table.columns():
        missing = table.of(block)[column.name].null_count
        assert not missing or column.nullable, column.name


def test_what_may_be_missing_is_missing_somewhere():
    for table in TABLES.values():
        for column in table.columns():
            if column.nullable:
                some = [block_of(world) for world, name in EVERY if name == table.name]
                assert any(table.of(block)[column.name].null_count for block in some), (
                    table.name,
                    column.name,
                )


def test_what_is_said_to_be_unique_is(drawn):
    block, table = drawn
    rows = table.of(block).select(list(table.unique))
    assert rows.group_by(list(table.unique)).aggregate([]).num_rows == rows.num_rows


def test_keys_join_without_orphans(drawn):
    block, table = drawn
    for column in table.columns():
        if column.key:
            parent, name = column.key.split(".")
            there = TABLES[parent].of(block)[name]
            values = table.of(block)[column.name]
            if pa.types.is_dictionary(values.type):
                values = values.cast(pa.large_string())
            known = pc.is_in(values.drop_null(), value_set=there.combine_chunks())
            assert pc.all(known).as_py() in (True, None), column.name


def test_hidden_columns_are_left_out_of_what_is_shown(drawn):
    _block, table = drawn
    hidden = {column.name for column in table.columns() if column.hidden}
    assert hidden.isdisjoint(table.schema(hidden=False).names)
    assert len(table.schema(hidden=False)) + len(hidden) == len(table.schema())


def test_any_part_drawn_alone_is_the_same(drawn):
    """Regions side by side in one block, or each in a block of its own: the same rows, in the same order."""
    block, table = drawn
    if table.whole:
        return
    cuts = [0, REGION_SIZE, CUSTOMERS]
    alone = [
        Block(block.blueprint, number, start, stop) for number, (start, stop) in enumerate(pairwise(cuts))
    ]
    parts = pa.concat_tables([table.of(part) for part in alone])
    assert parts.equals(table.of(block))


def test_the_same_seed_gives_the_same_bytes(drawn):
    block, table = drawn
    again = Block(block.blueprint, 0, block.start, block.stop)
    assert table.of(again).equals(table.of(block))


def test_another_seed_gives_other_people(fashion_block):
    other = Blueprint(fashion_block.recipe, CUSTOMERS, 8).block(0)
    for name, table in tables_of(fashion_block.recipe).items():
        if not table.whole:
            assert not table.of(other).equals(table.of(fashion_block)), name


@pytest.mark.parametrize("customers", [1, 2, 3, 17])
@pytest.mark.parametrize("world", world_names())
def test_the_smallest_markets_have_every_table(world, customers):
    block = Blueprint(block_of(world).recipe, customers, 1).block(0)
    for table in tables_of(block.recipe).values():
        rows = table.of(block)
        rows.validate(full=True)
        assert rows.schema == table.schema()


def test_blocks_cover_the_market_once():
    blueprint = Blueprint(block_of("soft-drink").recipe, 2 * BLOCK_SIZE + 1, 0)
    blocks = [blueprint.block(number) for number in range(blueprint.blocks)]
    assert [block.start for block in blocks] == [0, BLOCK_SIZE, 2 * BLOCK_SIZE]
    assert [block.stop for block in blocks] == [BLOCK_SIZE, 2 * BLOCK_SIZE, 2 * BLOCK_SIZE + 1]
    assert [region.number for region in blocks[1].regions] == list(range(20, 40))


def test_the_digest_knows_all_that_matters():
    one = Blueprint(block_of("soft-drink").recipe, 1_000, 0)
    assert one.digest == Blueprint(block_of("soft-drink").recipe, 1_000, 0).digest
    others = [
        Blueprint(one.recipe, 1_001, 0),
        Blueprint(one.recipe, 1_000, 1),
        Blueprint(block_of("farm-box").recipe, 1_000, 0),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 4
