"""A plan in a market, laid out as the engine reads it: flights, channels, rules; whom each flight can meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

from narrowcast.campaigns import Flight, Plan
from narrowcast.campaigns.bidding import quality
from narrowcast.campaigns.flight import MOST_CAP
from narrowcast.campaigns.law import terms
from narrowcast.simulate.attention import logit
from narrowcast.simulate.census import Census
from narrowcast.simulate.engine.arrays import CHANNEL, EMAIL, FLIGHT, PHONE, POST, RULES, SEGMENT
from narrowcast.simulate.engine.keys import key_of
from narrowcast.simulate.pull import Auction, auction, authority
from narrowcast.simulate.seasons import season_of
from narrowcast.worlds import World
from narrowcast.worlds.media import Channel
from narrowcast.worlds.past.purchases import PRICE_STEPS

if TYPE_CHECKING:
    from narrowcast.simulate.ground import Ground

__all__ = ["Layout"]

Floats = npt.NDArray[np.float64]

_ADDRESSES = {"none": 0, "email": EMAIL, "phone": PHONE, "post": POST}
_AFTER = {None: 0, "open": 1, "click": 2, "lead": 3, "visit": 4}
_GRID = 1_024
_PREWRITTEN = 0.7
"""Logit of passing it on with a text that stands ready (teaching)."""

_UNLIMITED = 1e18
_FRAUD_SCALE = 10.0
"""How quickly self-referral grows with the reward over the value of an order (teaching)."""


@dataclass(frozen=True)
class Layout:
    """A plan laid out in a market.

    Parameters
    ----------
    world, plan
        Already checked against each other (`Plan.fits`).
    census
        Sums over the market that money is shared out by.
    seed
        Luck of the run.
    remember
        Whether to keep whom the flights meet, for the same plan `under` other luck.
    """

    world: World
    plan: Plan
    census: Census
    seed: int
    remember: bool = False

    def under(self, seed: int) -> Layout:
        """Return the same plan under other luck; only what hangs on the luck is computed anew."""
        _computed_once = self._met, self._table, self._levels, self.season, self.segments, self.channels
        other = replace(self, seed=seed)
        vars(other).update(
            {name: value for name, value in vars(self).items() if name not in {"seed", "rules"}}
        )
        return other

    @cached_property
    def _met(self) -> dict[int, tuple[Ground, npt.NDArray[np.float32]]]:
        """Whom the flights meet, by the identity of the people, which are kept so that it stays theirs."""
        return {}

    @cached_property
    def flights(self) -> tuple[Flight, ...]:
        """Flights that have money, those of a channel side by side, in the recipe's order."""
        order = list(self.world.recipe.channels)
        spent = [flight for flight in self.plan.flights if flight.spend]
        return tuple(sorted(spent, key=lambda flight: (order.index(flight.channel), flight.name)))

    def channel(self, flight: Flight) -> Channel:
        """Return a flight's channel in the recipe."""
        return self.world.recipe.channels[flight.channel]

    @cached_property
    def auctions(self) -> dict[str, Auction]:
        """What the flights that pay for clicks win with their bids, by name."""
        won = {}
        for flight in self.flights:
            channel = self.channel(flight)
            if channel.pays_for == "clicks":
                median = channel.rival_strength.value
                bid = median if flight.bid is None else flight.bid
                won[flight.name] = auction(bid, quality(flight), round(channel.rivals.value), median)
        return won

    @cached_property
    def weights(self) -> Floats:
        """Share of each flight's money by week, shape (flights, weeks)."""
        weeks = self.plan.weeks
        rows = [np.ones(weeks) if f.schedule is None else np.array(f.schedule, float) for f in self.flights]
        return np.array([row / row.sum() for row in rows]).reshape(len(rows), weeks)

    def levels(self) -> Floats:
        """Return what `_levels` holds, to be used up."""
        return self._levels.copy()

    @cached_property
    def _levels(self) -> Floats:
        """Return factors on mean contacts and on the chance to be noticed, shape (2, flights, weeks).

        A place further down the page is looked at less (the examination hypothesis of click models).
        """
        levels = np.ones((2, len(self.flights), self.plan.weeks))
        for f, flight in enumerate(self.flights):
            channel = self.channel(flight)
            levels[0, f] = self.weights[f] * self.plan.weeks
            if flight.after is not None:
                levels[0, f] = self.weights[f] > 0
            elif channel.pays_for == "content":
                words = flight.spend * self.weights[f] / channel.price_per_thousand.value
                levels[0, f] = 1.0
                levels[1, f] = authority(
                    words, channel.retention.value, channel.rivals.value, channel.rival_strength.value
                )
                levels[0, f][levels[1, f] == 0] = 0.0
            elif channel.pays_for == "clicks":
                levels[1, f] = self.auctions[flight.name].clicks
                levels[0, f] *= levels[1, f] > 0  # a bid below the least is not shown
            elif channel.pays_for == "sales":  # what buyers pass on meets nobody by itself
                levels[0, f] = (self.weights[f] > 0) & (channel.delivery != "shared")
        return levels

    @cached_property
    def rules(self) -> npt.NDArray[Any]:
        """Figures of the market, one record of `RULES`."""
        recipe, rules = self.world.recipe, np.zeros(1, RULES)
        response, advocacy = recipe.response, recipe.advocacy
        rules["k0"], rules["k1"] = key_of(self.seed, self.world.seed)
        figures = {
            "breadth": recipe.market.breadth, "attention": recipe.attention.match, "winback": response.winback,
            "gain": response.offer_match, "price": response.price_response, "fatigue": response.fatigue,
            "synergy_weeks": response.synergy_weeks, "advocate": advocacy.intercept, "bond": advocacy.bond,
            "advocate_match": advocacy.match, "word": advocacy.persuasion, "word_kept": advocacy.retention,
        }  # fmt: skip
        for name, figure in figures.items():
            rules[name] = figure.value
        return rules

    @cached_property
    def segments(self) -> tuple[npt.NDArray[Any], Floats]:
        """Records of `SEGMENT`, and quantiles of the gamma spend, shape (segments, grid)."""
        recipe = self.world.recipe
        table = np.zeros(len(recipe.segments), SEGMENT)
        spend = np.array([_quantiles(s.spend.p.value) for s in recipe.segments.values()])
        for row, (name, segment) in enumerate(recipe.segments.items()):
            step = PRICE_STEPS.get(recipe.currency_of(name), 1) * recipe.rate_of(name)
            table[row] = (segment.margin_rate.value, spend[row].mean(), step)
        return table, spend

    @cached_property
    def season(self) -> Floats:
        """Factor of each week on visits, shape (weeks,)."""
        return season_of(self.world, self.plan)

    @cached_property
    def channels(self) -> npt.NDArray[Any]:
        """Records of `CHANNEL`, one for each channel in use."""
        names = [flight.channel for flight in self.flights]
        used = list(dict.fromkeys(names))
        table = np.zeros(len(used), CHANNEL)
        for row, name in enumerate(used):
            c, begin = self.world.recipe.channels[name], names.index(name)
            table[row] = (
                begin, begin + names.count(name), c.persuasion.value, c.warm.value, c.retention.value,
                c.half_saturation.value, c.exponent.value,
            )  # fmt: skip
        return table

    def table(self, share: float) -> npt.NDArray[Any]:
        """Return records of `FLIGHT` for a region with a share of the market's people."""
        table = self._table.copy()
        table["quota"] = np.where(table["quota"] < _UNLIMITED, table["quota"] * share, _UNLIMITED)
        table["money"] *= share
        return table

    @cached_property
    def _table(self) -> npt.NDArray[Any]:
        """Records of `FLIGHT` for the whole market."""
        table = np.zeros(len(self.flights), FLIGHT)
        waiting, passing = 0, 0
        for row, flight in zip(table, self.flights, strict=True):
            self._describe(row, flight)
            self._pay(row, flight)
            row["pending"] = row["trigger"] = -1
            if row["sharing"]:
                row["pending"], passing = passing, passing + 1
            if row["after"]:
                row["trigger"], waiting = waiting, waiting + 1
        return table

    def _describe(self, row: Any, flight: Flight) -> None:  # noqa: ANN401 - a NumPy record
        """Fill in what a flight says, to whom, and how people answer."""
        recipe, channel, message = self.world.recipe, self.channel(flight), flight.message
        response, attention = recipe.response, recipe.attention
        sent = channel.delivery == "sent"
        number = list(recipe.channels).index(flight.channel)
        segment = -1 if flight.to is None else list(recipe.segments).index(flight.to)
        # Its place among the draws: from what its name says alone, so flights don't disturb each other.
        files = sum(1 << list(recipe.files).index(name) for name in flight.files) % 256
        row["slot"] = 1 + number * (len(recipe.segments) + 1) + segment + 1
        row["slot"] += 10_000 * (_AFTER[flight.after] + 5 * files)
        row["sent"], row["address"] = sent, _ADDRESSES[channel.address]
        row["mail"], row["after"] = channel.address == "email", _AFTER[flight.after]
        row["within"] = flight.within
        row["aim_x"], row["aim_y"] = _aim(self.world, message.to, message.fit)
        row["offer_x"], row["offer_y"] = _aim(self.world, flight.offer.to)
        row["special"], row["incentive"] = flight.offer.to is not None, message.incentive
        clutter = self._clutter(channel)
        named = float(sent and message.personal)
        row["notice"] = (
            attention.intercept.value + channel.attention.value + response.personal_open.value * named
            - attention.clutter.value * np.log1p(clutter)
        )  # fmt: skip
        row["drowned"] = ((1 + clutter) / (1 + clutter + np.arange(33))) ** attention.clutter.value
        row["click"] = (
            _chance(channel.click.value) + response.form.value * (message.form - 0.5)
            + response.price_response.value * message.incentive + response.personal_click.value * named
        )  # fmt: skip
        row["click_match"] = channel.click_match.value
        row["synergy"] = response.synergy.value if channel.medium == "phone" else 0.0
        row["soft_bounce"] = channel.soft_bounce.value
        row["leave"] = _chance(channel.unsubscribe.value) - response.personal_unsubscribe.value * named
        row["leave_fatigue"], row["leave_match"] = (
            channel.unsubscribe_fatigue.value, channel.unsubscribe_match.value,
        )  # fmt: skip
        kept = min(response.fatigue.value, 0.999)
        row["often"] = channel.often.value * kept / (1 - kept)  # what so many a week leave in the long run
        row["tire"] = channel.attention_fatigue.value
        row["annoyed"] = channel.annoyed.value
        row["night"], row["lawful"] = self._law(flight) if sent else (0.0, MOST_CAP)
        row["complaint"], row["machine"] = channel.complaint.value, channel.machine_opens.value
        row["lead"] = channel.leads.value
        row["cookie_weeks"], row["cookie_loss"] = channel.cookie_weeks.value, channel.cookie_loss.value
        self._pass_on(row, flight, channel)

    def _law(self, flight: Flight) -> tuple[float, int]:
        """Return the share of a flight's sends at forbidden hours, and how many a person and week are lawful."""
        said = terms(flight, self.world, self.plan.launch.hours)
        lawful = terms(replace(flight, hours=None, cap=None), self.world)
        first, last = lawful.hours or (0, 24)
        begin, end = said.hours or (first, last)
        inside = max(0, min(last, end) - max(first, begin))
        return 1.0 - inside / (end - begin), lawful.per_week or MOST_CAP

    def _clutter(self, channel: Channel) -> float:
        """Return the messages a week among which a medium's are met: competitors crowd it by their share of voice."""
        voices = sum(
            float(voice.value)
            for rival in self.world.recipe.competitors.values()
            for medium, voice in rival.share_of_voice.items()
            if medium == channel.medium
        )
        return self.world.clutter * (1 + voices) / (1 + self.world.mean_voice)

    def _pass_on(self, row: Any, flight: Flight, channel: Channel) -> None:  # noqa: ANN401
        """Fill in how people pass a flight on."""
        if channel.delivery != "shared":
            return
        recipe, ready = self.world.recipe, _PREWRITTEN * flight.message.prewritten
        value = float(np.mean([s.order_value.value for s in recipe.segments.values()]))
        row["sharing"] = 1 if channel.pays_for == "sales" else 2
        form = recipe.response.form.value * (flight.message.form - 0.5) if row["sharing"] == 2 else 0.0
        reward = channel.share_reward.value * flight.reward / value
        row["share"] = _chance(channel.share.value) + reward + ready + form
        row["pass_on"] = channel.pass_on.value
        if row["sharing"] == 1 and recipe.referral is not None:
            row["fraud"] = recipe.referral.self_referral.value * -np.expm1(
                -_FRAUD_SCALE * flight.reward / value
            )

    def _pay(self, row: Any, flight: Flight) -> None:  # noqa: ANN401
        """Fill in what a flight's money buys."""
        channel = self.channel(flight)
        row["cap"] = MOST_CAP
        row["quota"] = _UNLIMITED
        if channel.pays_for == "clicks":
            row["click_cost"] = self.auctions[flight.name].price
            row["money"] = flight.spend / self.plan.weeks
        elif channel.pays_for == "sends":
            row["cap"] = terms(flight, self.world).per_week or MOST_CAP
        elif channel.pays_for == "sales":
            row["limited"], row["quota"] = 1, flight.spend
            row["commission"], row["reward"] = channel.commission.value, flight.reward
            if row["sharing"]:
                row["share_cost"] = channel.price_per_thousand.value / 1_000
        if flight.after is not None:
            row["quota"] = flight.spend / channel.price_per_thousand.value * 1_000

    def base(self, ground: Ground, held: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        """Return mean contacts (or sends) a week of each flight with each person, float32, shape (flights, n)."""
        if id(ground) in self._met:
            rows = self._met[id(ground)][1]
        else:
            rows = np.empty((len(self.flights), held.size), np.float32)
            for row, flight in zip(rows, self.flights, strict=True):
                row[:] = self._meets(flight, ground)
            if self.remember:
                self._met[id(ground)] = ground, rows
        return np.where(held, np.float32(0.0), rows) if held.any() else rows

    def _meets(self, flight: Flight, ground: Ground) -> Floats:
        """Return whom a flight meets how often, on average.

        Of the contacts bought for a segment, the channel's precision meets it; the others fall evenly on everybody
        else. Only people whom the channel can reach are met; only those with an address are written to.
        """
        recipe, channel = self.world.recipe, self.channel(flight)
        number = list(recipe.channels).index(flight.channel)
        if channel.delivery == "sent":
            use = self.census.eligible(ground, flight, channel).astype(np.float64)
        else:
            use = np.where(ground.reachable[:, number], ground.exposure.astype(np.float64), 0.0)
        segment, inside = self._aimed_at(flight, ground)
        precision = channel.precision.value if segment >= 0 else 1.0
        if channel.delivery == "shared" and channel.pays_for == "sales":
            return inside.astype(np.float64)  # whom the firm gives a code or a card, should they buy
        if flight.after is not None:
            return use * inside
        if channel.delivery == "searched":
            # Who searches once meets one of the firm's advertisements, however many flights it has.
            among = [self._aimed_at(f, ground)[1] for f in self.flights if f.channel == flight.channel]
            crowd = np.sum([np.where(aimed, 1.0, 1 - channel.precision.value) for aimed in among], axis=0)
            searches: Floats = channel.traffic.value * use * np.where(inside, 1.0, 1 - precision)
            shared: Floats = searches / np.maximum(crowd, 1.0)
            return shared
        bought = flight.spend / self.plan.weeks / channel.price_per_thousand.value * 1_000
        hit, miss = self.census.weights(flight, channel, number, segment)
        spread: Floats = use * (bought * precision / max(hit, 1e-12))
        if segment >= 0:
            spread[~inside] = use[~inside] * (bought * (1 - precision) / max(miss, 1e-12))
        return spread

    def _aimed_at(self, flight: Flight, ground: Ground) -> tuple[int, npt.NDArray[np.bool_]]:
        """Return the number of a flight's segment, -1 for everybody, and who is in it, shape (n,)."""
        if flight.to is None:
            return -1, np.ones(ground.people.size, np.bool_)
        segment = list(self.world.recipe.segments).index(flight.to)
        return segment, ground.people["segment"] == segment


@cache
def _quantiles(shape: float) -> Floats:
    """Return quantiles of a gamma with a scale of 1, shape (grid,)."""
    return np.asarray(gammaincinv(shape, (np.arange(_GRID) + 0.5) / _GRID), np.float64)


def _chance(share: float) -> float:
    """Return the logit of a chance; none at all is far below any."""
    return logit(share) if share > 0 else -50.0


def _aim(world: World, to: str | None, fit: float = 1.0) -> Floats:
    """Return the interests that something is made for; the market's mean is the origin."""
    if to is None:
        return np.zeros(2)
    aimed: Floats = fit * world.centres[list(world.recipe.segments).index(to)]
    return aimed
