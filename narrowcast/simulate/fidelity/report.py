"""Every published table beside the simulated one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.fidelity.advertising import elasticity_table
from narrowcast.simulate.fidelity.bank import bank_table
from narrowcast.simulate.fidelity.cell import Cell, Table
from narrowcast.simulate.fidelity.growth import bass_table, referral_table
from narrowcast.simulate.fidelity.mail import direct_table, frequency_table, mailchimp_table, name_table
from narrowcast.simulate.fidelity.published import published
from narrowcast.simulate.fidelity.repeats import repeat_table
from narrowcast.simulate.fidelity.retail import retail_table
from narrowcast.simulate.fidelity.search import organic_table, search_table
from narrowcast.simulate.fidelity.trade import adstock_table, conversion_table, noise_table, price_table

__all__ = ["TABLES", "tables"]


def _speed_table() -> Table:
    """Say that calling at once is not modelled."""
    target = published()["speed_to_call"]["qualification_odds_fall_in_first_hour_more_than"]
    why = _("the engine's step is a week: it cannot tell a call within the hour from one on the next day")
    cell = Cell(_("fall of the odds to win a lead's ear within the first hour"), target, math.nan, how="absent",
                claimed=False, note=why)  # fmt: skip
    return Table(
        "speed_to_call", _("Calling at once"), (cell,), _("none"), _("Not modelled, and not claimed.")
    )


TABLES: dict[str, Callable[[], Table]] = {
    "hillstrom_2008": retail_table,
    "uci_bank_phone": bank_table,
    "cdnow_bgnbd": repeat_table,
    "mailchimp_email": mailchimp_table,
    "direct_response_dma_2012": direct_table,
    "ppc_wordstream_2015": search_table,
    "organic_ctr": organic_table,
    "cpm_2022_usd": price_table,
    "conversion_ecommerce": conversion_table,
    "bass": bass_table,
    "elasticity_advertising": elasticity_table,
    "adstock_theta_weekly": adstock_table,
    "referral_bank": referral_table,
    "personalisation_email": name_table,
    "email_frequency": frequency_table,
    "ad_measurement_noise": noise_table,
    "speed_to_call": _speed_table,
}
"""What holds the simulator against each published table."""


def tables(names: Sequence[str] = ()) -> list[Table]:
    """Simulate, and hold the results against what was published.

    Parameters
    ----------
    names
        Tables; none is all.

    Raises
    ------
    UnknownName
        If there is no such table.
    """
    for name in names:
        if name not in TABLES:
            raise UnknownName(kind=_("published table"), given=name, allowed=TABLES)
    wanted = [name for name in TABLES if not names or name in names]
    done = []
    with Bar(_("comparing with what was published"), len(wanted)) as bar:
        for name in wanted:
            done.append(TABLES[name]())
            bar.step()
    return done
