"""The martech stack: tools that do the jobs of a plan, what they cost, and the cheapest set that does them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from narrowcast.campaigns.numbers import choice, many, money, shown, text, whole
from narrowcast.campaigns.plan import Plan
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["FOUNDATION", "JOBS", "TOOLS", "Stack", "Tool", "cheapest", "needed_jobs"]

FOUNDATION = ("store", "automation", "contacts")
"""What every stack rests on: an e-commerce platform, a marketing automation platform (MAP), a CRM."""

JOBS = (*FOUNDATION, "analytics", "email", "sms", "calls", "post", "social", "ads", "seo", "pages", "affiliate",
        "referral")  # fmt: skip
"""What tools can do: sell, automate across channels, keep customers' records; measure; write, text, call, post;
run social media, paid ads, search rank, landing pages, affiliates, referral codes."""

_BY_MEDIUM = {
    "email": ("email",), "sms": ("sms",), "phone": ("calls",), "post": ("post",), "social": ("social",),
    "viral": ("social",), "display": ("ads",), "search": ("ads",), "seo": ("seo",), "affiliate": ("affiliate",),
    "referral": ("referral",), "qr": ("referral",),
}  # fmt: skip
"""Jobs by medium; television, radio, press and niche media are booked with people, not with a tool."""

MOST_MONTHS = 120


def _jobs(given: object) -> tuple[str, ...]:
    names = many(Step.ORGANISATION, "jobs", given, lambda name: choice(_("job"), name, JOBS))
    return tuple(sorted(set(names)))


@dataclass(frozen=True)
class Tool:
    """A program, as a service paid by the month.

    Parameters
    ----------
    name
        What it is called.
    jobs
        What it does, of `JOBS`; kept sorted, each once.
    cost_per_month
        Its price a month, in the smallest unit, 0 or more.
    setup
        What it costs once to install it and to connect it with the others, 0 or more.
    """

    name: str
    jobs: tuple[str, ...]
    cost_per_month: int
    setup: int = 0

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "name", text(Step.ORGANISATION, "name", self.name))
        put(self, "jobs", _jobs(self.jobs))
        put(self, "cost_per_month", money(Step.ORGANISATION, "cost_per_month", self.cost_per_month))
        put(self, "setup", money(Step.ORGANISATION, "setup", self.setup))

    def cost(self, months: int) -> int:
        """Return what it costs over some months, 0 to 120."""
        return self.setup + self.cost_per_month * whole(Step.ORGANISATION, "months", months, 0, MOST_MONTHS)


TOOLS: tuple[Tool, ...] = (
    Tool("Shopfront", ("store",), 900_000, 5_000_000),
    Tool("Shopfront Plus", ("store", "analytics", "pages"), 2_100_000, 8_000_000),
    Tool("Contact Book", ("contacts",), 600_000, 3_000_000),
    Tool("Sales Desk", ("contacts", "calls"), 1_500_000, 5_000_000),
    Tool("Journey Basic", ("automation",), 1_200_000, 4_000_000),
    Tool(
        "Journey Full", ("automation", "email", "social", "sms", "pages", "analytics"), 3_000_000, 12_000_000
    ),
    Tool("Mail Post", ("email",), 700_000, 1_500_000),
    Tool("Social Board", ("social",), 800_000, 1_000_000),
    Tool("Text Sender", ("sms",), 500_000, 1_000_000),
    Tool("Call Room", ("calls",), 1_100_000, 3_000_000),
    Tool("Letter House", ("post",), 400_000, 500_000),
    Tool("Ad Desk", ("ads",), 1_000_000, 2_000_000),
    Tool("Search Watch", ("seo",), 800_000, 0),
    Tool("Ad and Search", ("ads", "seo"), 1_500_000, 2_500_000),
    Tool("Page Maker", ("pages",), 400_000, 500_000),
    Tool("Numbers", ("analytics",), 0, 6_000_000),
    Tool("Partner Net", ("affiliate",), 900_000, 2_000_000),
    Tool("Friend Codes", ("referral",), 500_000, 1_000_000),
    Tool("All in One", JOBS, 9_000_000, 25_000_000),
)
"""A small market of tools. Names are invented; prices are chosen for teaching, in dong."""


def _tool(given: object) -> Tool:
    if isinstance(given, Tool):
        return given
    if isinstance(given, str):
        return {tool.name: tool for tool in TOOLS}[choice(_("tool"), given, [tool.name for tool in TOOLS])]
    problem = _("{given} is no tool.").format(given=shown(given))
    raise PlanError(
        Step.ORGANISATION, problem, _("Write Tool(name, jobs, cost_per_month), or a name of TOOLS.")
    )


def _tools(given: object) -> tuple[Tool, ...]:
    tools = many(Step.ORGANISATION, "tools", given, _tool)
    names = [tool.name for tool in tools]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        problem = _("{names} stands there twice.").format(names=", ".join(twice))
        raise PlanError(Step.ORGANISATION, problem, _("Take each tool once."))
    return tools


def needed_jobs(plan: Plan, world: World) -> tuple[str, ...]:
    """Return the jobs that a plan needs: the foundation, measuring, and what each of its channels asks for.

    Raises
    ------
    UnknownName
        If the plan names a channel that the world does not have.
    PlanError
        If it is given anything but a plan and a world, in this order.
    """
    if not isinstance(plan, Plan) or not isinstance(world, World):
        problem = _("needed_jobs() was given a {plan} and a {world}.").format(
            plan=type(plan).__name__, world=type(world).__name__
        )
        raise PlanError(Step.ORGANISATION, problem, _("It needs a plan and a world, in this order."))
    jobs = {*FOUNDATION, "analytics"}
    for flight in plan.flights:
        name = choice(_("channel"), flight.channel, world.recipe.channels)
        jobs.update(_BY_MEDIUM.get(world.recipe.channels[name].medium, ()))
        if flight.after == "lead":
            jobs.add("pages")  # people leave their number on a landing page
    return tuple(sorted(jobs))


@dataclass(frozen=True)
class Stack:
    """Tools that are used together.

    Parameters
    ----------
    tools
        Tools, or names of `TOOLS`; each once.
    """

    tools: tuple[Tool, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tools", _tools(self.tools))

    def coverage(self, needed: Iterable[str]) -> pd.DataFrame:
        """Return which tools do each job that is needed.

        Returns
        -------
        pandas.DataFrame
            Indexed by job: covered (bool), times (tools that do it), tools (their names).
        """
        jobs = _jobs(needed)
        by_job = [[tool.name for tool in self.tools if job in tool.jobs] for job in jobs]
        return pd.DataFrame(
            {
                "covered": [bool(names) for names in by_job],
                "times": [len(names) for names in by_job],
                "tools": [", ".join(names) for names in by_job],
            },
            index=pd.Index(jobs, name="job"),
        )

    def missing(self, needed: Iterable[str]) -> tuple[str, ...]:
        """Return the needed jobs that no tool does."""
        return tuple(job for job in _jobs(needed) if not any(job in tool.jobs for tool in self.tools))

    def redundancy(self) -> pd.DataFrame:
        """Return the jobs that are paid for more than once, as `coverage` tells them."""
        frame = self.coverage({job for tool in self.tools for job in tool.jobs})
        return frame[frame["times"] > 1]

    def superfluous(self, needed: Iterable[str], months: int = 12) -> tuple[str, ...]:
        """Return the tools that can all go, and what is needed stays as covered as before.

        With a full automation platform these are the separate tools for e-mail and social media.

        Parameters
        ----------
        needed
            Jobs, of `JOBS`; such as `needed_jobs` returns.
        months
            How long the stack is paid for: the dearest tools go first.
        """
        jobs = _jobs(needed)
        covered = set(jobs) - set(self.missing(jobs))
        kept = cheapest(covered, self.tools, months).tools
        return tuple(tool.name for tool in self.tools if tool not in kept)

    def cost(self, months: int = 12) -> int:
        """Return what all tools cost over some months, 0 to 120, setup included."""
        whole(Step.ORGANISATION, "months", months, 0, MOST_MONTHS)
        return sum(tool.cost(months) for tool in self.tools)


def cheapest(needed: Iterable[str], tools: Iterable[Tool | str] = TOOLS, months: int = 12) -> Stack:
    """Return the cheapest tools that together do all that is needed.

    An exact set cover, solved as an integer program: minimise the cost over the months, such that each job
    is done by at least one tool. Of equally cheap sets, one with the fewest tools.

    Parameters
    ----------
    needed
        Jobs, of `JOBS`; such as `needed_jobs` returns.
    tools
        What can be had.
    months
        How long it is paid for, 0 to 120: the longer, the more a dear setup is worth.

    Raises
    ------
    PlanError
        If a job is done by no tool.
    UnknownName
        If there is no such job.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - it takes long to load

    jobs, on_offer = _jobs(needed), _tools(tools)
    impossible = Stack(on_offer).missing(jobs)
    if impossible:
        problem = _("no tool does {jobs}.").format(jobs=", ".join(impossible))
        raise PlanError(Step.ORGANISATION, problem, _("Add a tool that does, or leave the job out."))
    if not jobs:
        return Stack()
    # One unit a tool breaks ties for fewer tools; the scale keeps the solver's absolute tolerance out of the sums.
    cost = np.array([tool.cost(months) * (len(on_offer) + 1) + 1 for tool in on_offer], dtype=np.float64)
    does = np.array([[job in tool.jobs for tool in on_offer] for job in jobs], dtype=np.float64)
    solved = milp(
        cost * (1e6 / cost.max()),
        integrality=np.ones(len(on_offer), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(does, lb=1),
        options={"mip_rel_gap": 0},
    )
    assert solved.x is not None  # noqa: S101 - all tools together are a solution
    return Stack(tuple(tool for tool, taken in zip(on_offer, solved.x, strict=True) if taken > 0.5))
