"""The text beside the data: what lies in the folder, and the world's card."""

from __future__ import annotations

from pathlib import Path

from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export.manifest import Manifest
from narrowcast.worlds.tables import tables_of

__all__ = ["readme"]


def readme(card: str, blueprint: Blueprint, manifest: Manifest, folder: Path) -> str:
    """Return the text, in the language in force.

    Parameters
    ----------
    card
        The world's card, as Markdown.
    blueprint
        The market.
    manifest
        What was written of it.
    folder
        Where to, as the reader will name it.
    """
    every = tables_of(blueprint.recipe)
    rows = [
        f"| `{layout.file}` | `{name}` | {every[name].title()} | {layout.rows:,} |"
        for name, layout in manifest.tables.items()
    ]
    parts = [
        card.rstrip(),
        "## " + _("This folder"),
        _(
            "{customers:,} customers, seed {seed}, drawn by Narrowcast {version}. Every person is invented."
        ).format(customers=manifest.customers, seed=manifest.seed, version=manifest.versions["narrowcast"]),
        "\n".join(
            [
                "| " + " | ".join([_("File"), _("Table"), _("Title"), _("Rows")]) + " |",
                "| --- | --- | --- | ---: |",
                *rows,
            ]
        ),
        _("Built with `{command}`; `{check}` says whether it is whole.").format(
            command=manifest.command(folder).removesuffix(" --force"),
            check=f"narrowcast data check {folder}",
        ),
    ]
    if manifest.format == "csv":
        hint = _("Texts are UTF-8. Read telephone numbers as text, or they lose their first digit: {code}.")
        parts.append(hint.format(code='`pandas.read_csv("customers.csv", dtype={"phone": str})`'))
    if manifest.hidden:
        parts.insert(2, _("**For instructors: latent columns are among the data, which no firm would see.**"))
    return "\n\n".join(parts) + "\n"
