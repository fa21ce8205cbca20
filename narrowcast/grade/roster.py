"""Who is in the class: invented students with Vietnamese names."""

from __future__ import annotations

from dataclasses import dataclass

from faker import Faker

from narrowcast.worlds.people.vietnamese import VietnamesePeople, ascii_fold

__all__ = ["Student", "roster"]


@dataclass(frozen=True)
class Student:
    """One student, as the gradebook knows them.

    Parameters
    ----------
    id
        Such as "s001"; it decides the student's market.
    first_name, last_name
        Middle and given name, and family name: a gradebook sorts by the latter.
    email
        On a domain that is reserved for examples: nobody real can be written to.
    """

    id: str
    first_name: str
    last_name: str
    email: str

    @property
    def name(self) -> str:
        """The full name, family name first."""
        return f"{self.last_name} {self.first_name}"


def roster(count: int, seed: int = 0) -> list[Student]:
    """Return `count` students; the same seed gives the same class.

    Parameters
    ----------
    count
        How many, 1 or more.
    seed
        Another seed gives another class, with the same ids.
    """
    fake = Faker("vi_VN", use_weighting=True)
    fake.add_provider(VietnamesePeople)
    fake.seed_instance(seed)
    width = max(3, len(str(count)))
    return [_student(fake, f"s{number:0{width}d}") for number in range(1, count + 1)]


def _student(fake: Faker, name: str) -> Student:
    family, *rest = str(fake.vietnamese_name(fake.random_element(("F", "M")))).split()
    domain = fake.random_element(VietnamesePeople.mail_domains)
    mailbox = ascii_fold(f"{rest[-1]}.{family}.{name}").lower()
    return Student(name, " ".join(rest), family, f"{mailbox}@{domain}")
