"""A market's tables as pandas frames, each under its name: world.customers, world.orders ..."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from narrowcast.worlds.blueprint import Blueprint

__all__ = ["Frames"]


class Frames:
    """The tables of a market; a world is one.

    A table that a market does not have (`companies` in a fashion shop) is answered with `UnknownName` and
    the tables that it has.
    """

    past: Blueprint
    """What the tables are drawn from."""

    @cached_property
    def _frames(self) -> dict[tuple[str, bool], pd.DataFrame]:
        return {}

    @property
    def tables(self) -> list[str]:
        """Names of the market's tables, the parents before their children."""
        from narrowcast.worlds.tables import tables_of  # noqa: PLC0415 - Arrow and Faker, when they are used

        return list(tables_of(self.past.recipe))

    def table(self, name: str, *, hidden: bool = False) -> pd.DataFrame:
        """Return one table.

        Parameters
        ----------
        name
            One of `tables`.
        hidden
            With the latent columns too, which no real firm would see.

        Returns
        -------
        pandas.DataFrame
            Yours to change. The world's card says what each column means.

        Raises
        ------
        UnknownName
            If the market has no such table.
        """
        from narrowcast.worlds.store import whole_table  # noqa: PLC0415 - as above, and the disk
        from narrowcast.worlds.tables.catalogue import table_named  # noqa: PLC0415

        table = table_named(self.past.recipe, name)
        if (name, hidden) not in self._frames:
            whole = whole_table(self.past, name).select(table.schema(hidden=hidden).names)
            self._frames[name, hidden] = whole.to_pandas()
        return self._frames[name, hidden].copy(deep=False)  # pandas copies what is written to

    @property
    def customers(self) -> pd.DataFrame:
        """The customers, one row each."""
        return self.table("customers")

    @property
    def customers_raw(self) -> pd.DataFrame:
        """The customers as they were typed in: dirty, and some of them twice."""
        return self.table("customers_raw")

    @property
    def households(self) -> pd.DataFrame:
        """Who lives with whom, and where."""
        return self.table("households")

    @property
    def friends(self) -> pd.DataFrame:
        """Who knows whom; each pair once."""
        return self.table("friends")

    @property
    def orders(self) -> pd.DataFrame:
        """Every order since the first customer came, by time."""
        return self.table("orders")

    @property
    def campaigns(self) -> pd.DataFrame:
        """Past campaigns, one row each."""
        return self.table("campaigns")

    @property
    def touches(self) -> pd.DataFrame:
        """Contacts of past campaigns, by time."""
        return self.table("touches")

    @property
    def assignments(self) -> pd.DataFrame:
        """Who was in which arm of a past campaign with a holdout."""
        return self.table("assignments")

    @property
    def events(self) -> pd.DataFrame:
        """Last year's visits and orders, and every answer to a campaign, by time."""
        return self.table("events")

    @property
    def contacts(self) -> pd.DataFrame:
        """Contact files: the firm's own, and those it could buy."""
        return self.table("contacts")

    @property
    def leads(self) -> pd.DataFrame:
        """People who left a telephone number on a landing page, by time."""
        return self.table("leads")

    @property
    def companies(self) -> pd.DataFrame:
        """Firms among the customers."""
        return self.table("companies")

    @property
    def roles(self) -> pd.DataFrame:
        """Who works in which firm."""
        return self.table("roles")

    @property
    def stages(self) -> pd.DataFrame:
        """Stages that deals with firms entered."""
        return self.table("stages")

    @property
    def codes(self) -> pd.DataFrame:
        """Referral codes and who holds them."""
        return self.table("codes")

    @property
    def referrals(self) -> pd.DataFrame:
        """Uses of referral codes, by time."""
        return self.table("referrals")

    @property
    def cards(self) -> pd.DataFrame:
        """Cards with a QR code and who hands them out."""
        return self.table("cards")

    @property
    def scans(self) -> pd.DataFrame:
        """Scans of cards, by time."""
        return self.table("scans")
