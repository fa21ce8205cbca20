"""Whom the firm may write to or call: who gave an address, and who agreed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.draws import Purpose

__all__ = ["Contactable", "contactable", "on_phone"]

Flags = npt.NDArray[np.bool_]

_EMAIL, _PHONE, _EMAIL_CONSENT, _PHONE_CONSENT, _DEVICE = 6, 7, 13, 14, 16
"""Slots of the identity's draws."""


@dataclass(frozen=True)
class Contactable:
    """Addresses and consents of a block's customers, as they gave them, each of shape (n,).

    Consent implies an address. Whoever left a list since has taken it back (`past.campaigns.left_lists`).
    """

    email: Flags
    phone: Flags
    email_consent: Flags
    phone_consent: Flags


def contactable(block: Block) -> Contactable:
    """Draw who gave an address, and who agreed to be contacted there."""

    def under(slot: int, shares: npt.NDArray[np.float64]) -> Flags:
        flags: Flags = block.draw(Purpose.IDENTITY, slot) < shares
        return flags

    email = under(_EMAIL, block.each(lambda segment: segment.email.value))
    phone = under(_PHONE, block.each(lambda segment: segment.phone.value))
    return Contactable(
        email,
        phone,
        email & under(_EMAIL_CONSENT, block.each(lambda segment: segment.email_consent.value)),
        phone & under(_PHONE_CONSENT, block.each(lambda segment: segment.phone_consent.value)),
    )


def on_phone(block: Block) -> Flags:
    """Draw who mostly uses a phone, shape (n,)."""
    flags: Flags = block.draw(Purpose.IDENTITY, _DEVICE) < block.each(lambda segment: segment.mobile.value)
    return flags
