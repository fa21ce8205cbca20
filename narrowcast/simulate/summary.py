"""An outcome's figures for reading: in words, with units, and as the card that a notebook shows."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pandas as pd

from narrowcast.language import gettext as _
from narrowcast.measure import KPIS

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["card", "summary_of"]

_MONEY = frozenset(
    {
        "revenue", "margin", "cost", "profit", "incremental_margin", "incremental_profit", "future_margin", "value",
        "expected_profit",
    }
)  # fmt: skip
_SHARES = frozenset({"recognition", "customer_voice"})
_PEOPLE = frozenset({"reached", "advocates", "new_customers", "consents_lost"})

_CARD = (
    "contacts", "reached", "orders", "incremental_orders", "cost", "incremental_profit", "expected_profit",
)  # fmt: skip
"""What a notebook shows of an outcome: few enough to be read."""


def summary_of(outcome: Outcome) -> pd.DataFrame:
    """Return an outcome's figures for reading.

    Parameters
    ----------
    outcome
        What was run.

    Returns
    -------
    pandas.DataFrame
        Index figure: `narrowcast.measure.KPIS`, then expected_profit. Columns value (in letters, so that it reads
        the same in a notebook and in a terminal), unit and what, a few words: `narrowcast.measure.kpi_meanings` has
        more of them.
    """
    values = pd.concat([outcome.kpis(), pd.Series({"expected_profit": outcome.expected_profit})])
    words = _words()
    rows = {
        name: (_said(name, float(values[name])), _unit(name, outcome.world.currency), words[name])
        for name in (*KPIS, "expected_profit")
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "unit", "what"])
    return table.rename_axis("figure")


def _words() -> dict[str, str]:
    """Return what each figure is, short enough for a line of a terminal."""
    return {
        "contacts": _("times somebody was met"),
        "reached": _("people met"),
        "recognition": _("people who noticed"),
        "noticed": _("contacts noticed"),
        "visits": _("visits, caused or not"),
        "orders": _("orders, caused or not"),
        "revenue": _("money of all orders"),
        "margin": _("of which remains"),
        "cost": _("cost, all of it"),
        "profit": _("margin less cost"),
        "incremental_orders": _("orders caused"),
        "incremental_margin": _("margin caused"),
        "incremental_profit": _("margin caused less cost"),
        "lift_per_thousand": _("caused by 1,000 contacts"),
        "advocates": _("who spoke for the brand"),
        "told": _("times friends told friends"),
        "customer_voice": _("of what is heard, by friends"),
        "new_customers": _("bought, of purchased files"),
        "complaints": _("by the written to or called"),
        "consents_lost": _("left a list"),
        "future_margin": _("later margin caused; luck"),
        "value": _("worth, later margin included"),
        "expected_profit": _("profit caused, less luck"),
    }


def _said(name: str, value: float) -> str:
    if name in _SHARES:
        return f"{value:.1%}"
    if name == "lift_per_thousand":
        return f"{value:,.2f}"
    return f"{round(value):,}"  # whole numbers have no "-0"


def _unit(name: str, currency: str) -> str:
    if name in _MONEY:
        return currency
    if name in _SHARES:
        return _("share")
    if name in _PEOPLE:
        return _("people")
    return {
        "contacts": _("contacts"), "noticed": _("contacts"), "visits": _("visits"), "orders": _("orders"),
        "incremental_orders": _("orders"), "lift_per_thousand": _("orders"),
        "told": _("times told"), "complaints": _("complaints"),
    }[name]  # fmt: skip


def card(outcome: Outcome) -> str:
    """Return an outcome as a small card of HTML; what was caused is there where a run kept customers.

    A run that kept sums alone may be of ten million people, and showing it must not run it again.
    """
    plan = outcome.plan
    title = _("{plan} in {world}").format(plan=plan.name, world=outcome.world.name)
    about = _("{weeks} weeks, seed {seed}").format(weeks=plan.weeks, seed=outcome.seed)
    if not outcome.is_complete:
        about += " · " + _("{done} of {all} regions").format(
            done=len(outcome.part.regions), all=len(outcome.world.regions)
        )
    rows = ""
    if outcome.part.customers is not None:
        table = summary_of(outcome).loc[list(_CARD)]
        rows = "".join(_row(*map(str, line)) for line in table.itertuples(name=None))
    cure = _(
        "All figures: outcome.summary(). Channel by channel: outcome.channels(). Pictures: outcome.plot."
    )
    return (
        "<div style='border-left:5px solid #0072B2;padding:.5em .9em;margin:.4em 0;max-width:46em;line-height:1.45;"
        "background:rgba(128,128,128,.08);border-radius:4px'>"
        f"<strong>{html.escape(title)}</strong> <span>({html.escape(about)})</span>"
        f"<table style='margin:.5em 0'>{rows}</table><p style='margin:0'>{html.escape(cure)}</p></div>"
    )


def _row(figure: str, value: str, unit: str, what: str) -> str:
    cells = (
        ("left", f"<code>{html.escape(figure)}</code>"),
        ("right", html.escape(f"{value} {unit}")),
        ("left", html.escape(what)),
    )
    return "<tr>" + "".join(f"<td style='text-align:{side}'>{text}</td>" for side, text in cells) + "</tr>"
