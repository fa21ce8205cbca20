"""A plan that uses everything the simulator has, and how two runs are compared to the bit."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.worlds import World, open_world

MEDIA = (
    "email",
    "phone",
    "sms",
    "post",
    "referral",
    "viral",
    "qr",
    "seo",
    "affiliate",
    "radio",
    "press",
)


def market(customers: int, seed: int = 0) -> World:
    return open_world("hcmc-fashion", customers=customers, seed=seed).with_media(*MEDIA)


def everything(customers: int, weeks: int = 6, holdout: float = 0.2) -> Plan:
    """Purchased files, triggers, sharing, rewards, bids, schedules, discounts; people held out one by one."""

    def money(each: float) -> int:
        return round(each * customers)

    pushed = Message(incentive=0.1, personal=True)
    flights = [
        Flight("television", money(3_000), schedule=(1, 0, *(2,) * (weeks - 2))),
        Flight("social", money(2_000), to="trend", offer=Offer("trend")),
        Flight("social", money(1_000), to="loyal"),
        Flight("display", money(500)),
        Flight("search", money(2_000), bid=9_000),
        Flight("seo", money(500)),
        Flight("affiliate", money(1_000)),
        Flight("email", money(200), message=pushed),
        Flight("email", money(400), files=("fashion-lovers",), consented=False),
        Flight("phone", money(3_000), after="click", within=3),
        Flight("sms", money(500), after="visit"),
        Flight("referral", money(5_000), reward=50_000, message=Message(prewritten=True)),
        Flight("viral", money(1_000), message=Message(form=0.9)),
        Flight("qr", money(2_000), reward=20_000),
    ]
    return Plan(name="everything", flights=flights, weeks=weeks, holdout=holdout, lawful=False)


def pieces(thing: Any, name: str = "") -> list[tuple[str, Any]]:
    """Return every array and number in a result, with its place."""
    if is_dataclass(thing):
        return [p for f in fields(thing) for p in pieces(getattr(thing, f.name), f"{name}.{f.name}")]
    if isinstance(thing, dict):
        return [p for key, value in thing.items() for p in pieces(value, f"{name}[{key}]")]
    if isinstance(thing, tuple | list):
        return [p for place, value in enumerate(thing) for p in pieces(value, f"{name}[{place}]")]
    return [(name, thing)]


def differences(one: Any, other: Any) -> list[str]:
    """Return the places where two results are not the same to the last bit."""
    left, right = pieces(one), pieces(other)
    if [name for name, _ in left] != [name for name, _ in right]:
        return ["they are not made of the same pieces"]
    return [
        name
        for (name, a), (_, b) in zip(left, right, strict=True)
        if type(a) is not type(b)
        or np.asarray(a).dtype != np.asarray(b).dtype
        or np.asarray(a).shape != np.asarray(b).shape
        or np.asarray(a).tobytes() != np.asarray(b).tobytes()
    ]


def digest(thing: Any) -> str:
    """Return a fingerprint of every bit of a result."""
    marks = hashlib.sha256()
    for name, value in pieces(thing):
        marks.update(name.encode() + np.asarray(value).tobytes())
    return marks.hexdigest()
