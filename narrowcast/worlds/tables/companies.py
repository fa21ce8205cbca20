"""Firms among the customers, who works where, and the stages of their deals."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from faker.providers.company.vi_VN import Provider as Company

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, take, texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, TODAY, calendar_of
from narrowcast.worlds.codes import codes
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.past.firms import business_of, deals, firms
from narrowcast.worlds.population import REGION_SIZE
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables.customers import TABLE as CUSTOMERS
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["COMPANIES", "ROLES", "STAGES"]

_NAMES = (
    "An Phát", "Bình Minh", "Đại Dương", "Đông Á", "Gia Hưng", "Hải Âu", "Hoàng Long", "Hòa Phú", "Kim Sơn",
    "Lạc Việt", "Lam Sơn", "Minh Khang", "Nam Hải", "Ngọc Linh", "Phú Thịnh", "Quang Minh", "Sao Bắc", "Tân Tiến",
    "Thành Đạt", "Thiên Phúc", "Trường An", "Trường Sơn", "Vạn Xuân", "Việt Hà", "Vĩnh Hưng", "Xuân Mai",
)  # fmt: skip
_KIND, _FIRST, _SECOND = 8, 9, 10
"""Slots of a firm's name."""

_LOST = "lost"


def _in_business(recipe: Recipe) -> bool:
    return recipe.business is not None


@lru_cache(maxsize=1)
def _name_parts() -> tuple[pa.Array, pa.Array]:
    """Return kinds of firms, as Faker lists them, and names."""
    return texts(sorted(set(Company.company_suffixes))), texts(_NAMES)


def _company_columns() -> tuple[Column, ...]:
    return (
        Column("company_id", "text", _("Number of the firm, such as F0000042; unique.")),
        Column("name", "text", _("Name of the firm. Invented; two firms may share one.")),
        Column("industry", "category", _("What it does.")),
        Column("employees", "whole", _("People who work there."), _("people")),
        Column("province", "text", _("Where it sits.")),
        Column("segment", "category", _("Group the firm belongs to.")),
    )


def _company_ids(block: Block) -> pa.Array:
    return codes("F", block.start + block.once(firms).head)


def _draw_companies(block: Block) -> pa.Table:
    known, recipe, (kinds, names) = block.once(firms), block.recipe, _name_parts()
    kind, first, second = (
        take(pool, (block.draw(Purpose.FIRMS, slot)[known.head] * len(pool)).astype(np.int64))
        for pool, slot in ((kinds, _KIND), (names, _FIRST), (names, _SECOND))
    )
    blank = pa.scalar(" ", pa.large_string())
    order = np.argsort(known.head)
    table = pa.Table.from_arrays(
        [
            block.once(_company_ids),
            pc.binary_join_element_wise(kind, first, second, blank),
            category(known.industry, list(business_of(block).industries)),
            pa.array(known.employees),
            take(CUSTOMERS.of(block)["province"].combine_chunks(), known.head),
            category(block.segment[known.head], list(recipe.segments)),
        ],
        schema=COMPANIES.schema(),
    )
    return table.take(pa.array(order))


def _role_columns() -> tuple[Column, ...]:
    return (
        Column(
            "customer_id", "text", _("Who works there; every customer once."), key="customers.customer_id"
        ),
        Column("company_id", "text", _("Where."), key="companies.company_id"),
        Column("role", "category", _("What they decide about the purchase.")),
    )


def _draw_roles(block: Block) -> pa.Table:
    known = block.once(firms)
    return pa.Table.from_arrays(
        [
            block.once(customer_ids),
            take(block.once(_company_ids), known.firm),
            category(known.role, list(business_of(block).roles)),
        ],
        schema=ROLES.schema(),
    )


def _stage_columns() -> tuple[Column, ...]:
    return (
        Column("deal_id", "whole", _("Number of the deal; one row for each stage it entered.")),
        Column("company_id", "text", _("Whom it was offered to."), key="companies.company_id"),
        Column("stage", "category", _("Stage of the sale; a deal without a last stage or a loss is open.")),
        Column("entered_at", "date", _("Day on which the deal entered the stage.")),
        Column("amount", "whole", _("Worth of the deal a year."), _("smallest unit of money")),
    )


def _draw_stages(block: Block) -> pa.Table:
    offered, known, days = block.once(deals), block.once(firms), calendar_of(block.recipe).days
    # A deal is numbered within its region, so that its number does not hang on the block.
    begins = np.flatnonzero(np.diff(offered.deal, prepend=-1))
    region = (block.start + known.head[offered.firm[begins]]) // REGION_SIZE
    first = np.searchsorted(region, region)  # deals come region by region
    number = (region + 1) * 100_000_000 + np.arange(begins.size) - first
    return pa.Table.from_arrays(
        [
            pa.array(number[offered.deal]),
            take(block.once(_company_ids), offered.firm),
            category(offered.stage, [*business_of(block).stages, _LOST]),
            pa.array(TODAY + ((offered.day - days) * DAY).astype("timedelta64[s]")),
            pa.array(offered.amount),
        ],
        schema=STAGES.schema(),
    )


COMPANIES = Table(
    "companies",
    lambda: _("Firms"),
    _company_columns,
    _draw_companies,
    unique=("company_id",),
    present=_in_business,
    order=("company_id",),
)
ROLES = Table(
    "roles",
    lambda: _("Who works where"),
    _role_columns,
    _draw_roles,
    unique=("customer_id",),
    present=_in_business,
    order=("customer_id",),
)
STAGES = Table(
    "stages",
    lambda: _("Stages of deals"),
    _stage_columns,
    _draw_stages,
    unique=("deal_id", "stage"),
    present=_in_business,
    order=("deal_id", "entered_at"),
)
