"""Step 6, organisation: who does what until when."""

from __future__ import annotations

from dataclasses import dataclass

from narrowcast.campaigns.numbers import many, money, shown, text, whole
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["Organisation", "Supplier", "Task"]


def _text(field: str, value: object) -> str:
    return text(Step.ORGANISATION, field, value)


def _named(field: str, value: object) -> str:
    word = _text(field, value).strip()
    if not word:
        raise PlanError(Step.ORGANISATION, _("{field} is empty.").format(field=field), _("Give it a name."))
    return word


@dataclass(frozen=True)
class Supplier:
    """A service provider.

    Parameters
    ----------
    name
        What it is called in the action plan.
    job
        What it does.
    channels
        The plan's channels that it runs; none: it serves them all.
    fee
        Its price for the whole plan, beside the money of the flights, in the smallest unit, 0 or more.
    """

    name: str
    job: str = ""
    channels: tuple[str, ...] = ()
    fee: int = 0

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "name", _named("name", self.name))
        put(self, "job", _text("job", self.job))
        names = many(Step.ORGANISATION, "channels", self.channels, lambda name: _text("channels", name))
        put(self, "channels", tuple(dict.fromkeys(names)))
        put(self, "fee", money(Step.ORGANISATION, "fee", self.fee))


@dataclass(frozen=True)
class Task:
    """A line of the action plan.

    Parameters
    ----------
    what
        What is done.
    owner
        Who answers for it.
    week
        When it is due, in weeks from the launch: -2 is two weeks before it. -52 to 52.
    supplier
        Name of the supplier who does it; "" is the firm itself.
    """

    what: str
    owner: str
    week: int = 0
    supplier: str = ""

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "what", _named("what", self.what))
        put(self, "owner", _named("owner", self.owner))
        put(self, "week", whole(Step.ORGANISATION, "week", self.week, -52, 52))
        put(self, "supplier", _text("supplier", self.supplier))


@dataclass(frozen=True)
class Organisation:
    """Suppliers and the action plan.

    Parameters
    ----------
    suppliers
        Who is paid for a service; each name once.
    tasks
        Who does what until when.
    """

    suppliers: tuple[Supplier, ...] = ()
    tasks: tuple[Task, ...] = ()

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "suppliers", many(Step.ORGANISATION, "suppliers", self.suppliers, _supplier))
        put(self, "tasks", many(Step.ORGANISATION, "tasks", self.tasks, _task))
        names = [supplier.name for supplier in self.suppliers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            problem = _("{names} stands there twice.").format(names=", ".join(twice))
            raise PlanError(Step.ORGANISATION, problem, _("Give each supplier a name of its own."))

    @property
    def fees(self) -> int:
        """Fees of all suppliers together."""
        return sum(supplier.fee for supplier in self.suppliers)


def _supplier(given: object) -> Supplier:
    if isinstance(given, Supplier):
        return given
    if isinstance(given, str):
        return Supplier(given)
    problem = _("{given} is no supplier.").format(given=shown(given))
    raise PlanError(Step.ORGANISATION, problem, _("Write Supplier(name, job)."))


def _task(given: object) -> Task:
    if isinstance(given, Task):
        return given
    problem = _("{given} is no task.").format(given=shown(given))
    raise PlanError(Step.ORGANISATION, problem, _("Write Task(what, owner, week)."))
