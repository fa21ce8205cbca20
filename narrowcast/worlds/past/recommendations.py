"""Customers who brought customers: their codes and cards, what came of them, and who cheated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, calendar_of
from narrowcast.worlds.draws import Floats, Purpose, poisson
from narrowcast.worlds.people.homes import homes
from narrowcast.worlds.people.traits import acquired_days, arrivals
from narrowcast.worlds.trade import Referral

__all__ = [
    "Recommendations",
    "Scans",
    "arrival_hour",
    "came_at",
    "card_made",
    "recommendations",
    "referral_of",
    "scans",
]

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_HOLDS, _CARD, _USED, _CHEATS, _SCANS, _MADE, _WHEN, _HOUR, _DEVICE = range(9)


@dataclass(frozen=True)
class Recommendations:
    """Codes of a block and the uses that were made of them.

    Attributes
    ----------
    holder
        Shape (n,): who has a code.
    card
        Shape (n,): who has a card with it.
    by, brought
        Shape (uses,): numbers within the block of a code's holder and of the customer who gave it.
    cheated
        Shape (uses,): whether the two share a household, and it was done for the reward. Latent.
    """

    holder: Flags
    card: Flags
    by: Whole
    brought: Whole
    cheated: Flags


def referral_of(block: Block) -> Referral:
    """Return the recipe's part on referral; tables that need it are present only where it is."""
    referral = block.recipe.referral
    if referral is None:
        message = "a world without [referral] has no codes"
        raise TypeError(message)
    return referral


def recommendations(block: Block) -> Recommendations:
    """Draw the codes of a block, and who gave which."""
    rules = referral_of(block)

    def u(slot: int) -> Floats:
        return block.draw(Purpose.REFERRAL, slot)

    sponsor = block.once(arrivals).sponsor
    referred = sponsor >= 0
    brought = np.flatnonzero(referred & (u(_USED) < rules.used.value))
    by = sponsor[brought] - block.start
    cheats, victims = _cheats(block, referred, brought, rules.self_referral.value, u(_CHEATS))
    holder = u(_HOLDS) < rules.codes.value
    holder[by] = holder[cheats] = True
    return Recommendations(
        holder,
        holder & (u(_CARD) < rules.cards.value),
        np.concatenate([by, cheats]),
        np.concatenate([brought, victims]),
        np.repeat([False, True], [by.size, cheats.size]),
    )


def _cheats(block: Block, referred: Flags, honest: Whole, share: float, u: Floats) -> tuple[Whole, Whole]:
    """Return heads of households and members whom they "brought", so many for each honest use of a region."""
    lived = block.once(homes)
    head = lived.head[lived.home]
    could = np.flatnonzero((head < np.arange(block.size)) & ~referred)
    region = block.region
    uses, chances = (np.bincount(region[rows], minlength=region[-1] + 1) for rows in (honest, could))
    chance = share * uses / np.maximum(chances, 1)
    member = could[u[could] < chance[region[could]]]
    return head[member], member


def arrival_hour(block: Block) -> Floats:
    """Return the uniform that gives the time of day at which each customer came, shape (n,)."""
    return block.draw(Purpose.REFERRAL, _HOUR)


def came_at(block: Block, customer: Whole, u: Floats) -> npt.NDArray[np.datetime64]:
    """Return a time on the day on which customers came."""
    calendar = calendar_of(block.recipe)
    return calendar.moment(calendar.days - block.once(acquired_days)[customer], u)


@dataclass(frozen=True)
class Scans:
    """Scans of a block's cards; every array has shape (scans,).

    Attributes
    ----------
    holder
        Number within the block of the card's holder.
    moment
        When.
    mobile
        Whether a phone scanned it; else a tablet.
    brought
        Number within the block of the customer who came that way, -1 for most.
    """

    holder: Whole
    moment: npt.NDArray[np.datetime64]
    mobile: Flags
    brought: Whole


def card_made(block: Block) -> Whole:
    """Return the day of the history on which each customer's card was, or would have been, made."""
    calendar = calendar_of(block.recipe)
    came = calendar.days - block.once(acquired_days)
    return came + (block.draw(Purpose.REFERRAL, _MADE) * np.minimum(30, calendar.days - came)).astype(
        np.int64
    )


def scans(block: Block) -> Scans:
    """Draw the scans of a block's cards: mere looks, and those after which somebody came."""
    rules, known, calendar = referral_of(block), block.once(recommendations), calendar_of(block.recipe)
    looks = poisson(block.draw(Purpose.REFERRAL, _SCANS), np.full(block.size, rules.scans.value)) * known.card
    who = np.repeat(np.arange(block.size), looks)
    made = block.once(card_made)[who]
    day = made + (block.stream(Purpose.REFERRAL, looks, _WHEN) * (calendar.days - made)).astype(np.int64)
    looked = calendar.moment(day, block.stream(Purpose.REFERRAL, looks, _HOUR))
    shown = known.card[known.by] & ~known.cheated
    by, brought = known.by[shown], known.brought[shown]
    bought = came_at(block, brought, block.once(arrival_hour)[brought]) - np.timedelta64(DAY // 48, "s")
    device = block.stream(Purpose.REFERRAL, looks, _DEVICE) < 0.93
    return Scans(
        np.concatenate([who, by]),
        np.concatenate([looked, bought]),
        np.concatenate([device, np.ones(by.size, np.bool_)]),
        np.concatenate([np.full(who.size, -1), brought]),
    )
