"""What people of a country are called, how they are reached, and what they do, as lists with weights.

Vietnamese names are those of `narrowcast.worlds.people.vietnamese`; English and Korean names are Faker's, and so is
everybody's work. No telephone outside Vietnam is anybody's: +1 AAA 555 0100 to 0199 is kept for fiction, and
Korea gives out no mobile numbers that begin with 010-0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from faker.providers.job.en_US import Provider as EnglishJobs
from faker.providers.job.ko_KR import Provider as KoreanJobs
from faker.providers.job.vi_VN import Provider as VietnameseJobs
from faker.providers.person.en_US import Provider as EnglishPeople
from faker.providers.person.ko_KR import Provider as KoreanPeople

from narrowcast.worlds.people.vietnamese import Gender, VietnamesePeople, ascii_fold

__all__ = ["Nation", "Work", "nation"]

_FREQUENT = (300, 150)
"""Family and given names taken from Faker's longest lists: the most frequent ones."""

_NO_MIDDLE: dict[Gender, dict[str, float]] = {"F": {"": 1.0}, "M": {"": 1.0}}

_AREAS = (
    "202", "203", "205", "206", "207", "208", "210", "212", "213", "214", "215", "216", "217", "218", "225",
    "228", "229", "240", "248", "251", "254", "260", "267", "269", "270", "281", "301", "302", "303", "304",
    "305", "307", "308", "309", "310", "312", "313", "314", "315", "316", "317", "319", "404", "405", "406",
    "407", "408", "410", "412", "414", "415", "417", "419", "423", "425", "432", "503", "504", "505", "507",
    "508", "509", "510", "512", "513", "515", "516", "517", "518", "520", "602", "603", "605", "606", "608",
    "609", "610", "612", "614", "615", "616", "617", "618", "619", "702", "703", "704", "706", "707", "708",
    "712", "713", "714", "716", "717", "718", "719", "801", "802", "803", "804", "805", "808", "812", "813",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What people do for a living.

    Attributes
    ----------
    pupil, student, retired
        Words for those who do not work.
    first
        Work of people who have learnt no trade yet.
    later
        Everybody else's.
    """

    pupil: str
    student: str
    retired: str
    first: tuple[str, ...]
    later: tuple[str, ...]


@dataclass(frozen=True)
class Nation:
    """The people of a country.

    Attributes
    ----------
    families
        Family names with their weights.
    middles, givens
        By gender: middle and given names with their weights; one empty middle name where there are none.
    family_first
        Whether the family name comes first.
    gap
        What stands between names.
    mailbox
        Returns a name's part in an e-mail address, ASCII, from one name.
    dial
        What telephone numbers begin with; all of one length.
    digits
        How many digits follow.
    work
        What they do.
    """

    families: Mapping[str, float]
    middles: Mapping[Gender, Mapping[str, float]]
    givens: Mapping[Gender, Mapping[str, float]]
    family_first: bool
    gap: str
    mailbox: Callable[[str], str]
    dial: tuple[str, ...]
    digits: int
    work: Work


_LETTERS = (
    ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"),
    ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu",
     "eu", "ui", "i"),
    ("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng",
     "t", "t", "k", "t", "p", "t"),
)  # fmt: skip
_CUSTOMARY = {"김": "kim", "이": "lee", "박": "park", "최": "choi", "정": "jung", "조": "cho", "강": "kang",
              "임": "lim", "오": "oh", "신": "shin", "우": "woo", "구": "koo", "노": "noh", "유": "yoo", "류": "ryu",
              "문": "moon", "주": "joo", "곽": "kwak", "고": "ko", "권": "kwon", "백": "baek", "허": "huh"}  # fmt: skip


def _romanised(name: str) -> str:
    """Spell Hangul in Latin letters: syllable by syllable (Revised Romanization), family names as is usual."""
    if name in _CUSTOMARY:
        return _CUSTOMARY[name]
    spelt = ""
    for syllable in name:
        rest, final = divmod(ord(syllable) - ord("가"), len(_LETTERS[2]))
        initial, vowel = divmod(rest, len(_LETTERS[1]))
        spelt += _LETTERS[0][initial] + _LETTERS[1][vowel] + _LETTERS[2][final]
    return spelt


def _frequent(names: Mapping[str, float], count: int) -> dict[str, float]:
    best = sorted(names, key=lambda name: (-names[name], name))[:count]
    return {name: float(names[name]) for name in best}


def _vietnam() -> Nation:
    people = VietnamesePeople
    jobs = [job for job in VietnameseJobs.jobs if not job.lower().startswith("thực tập")]
    return Nation(
        families=people.families,
        middles=people.middles,
        givens=people.givens,
        family_first=True,
        gap=" ",
        mailbox=lambda name: ascii_fold(name.split()[-1]).lower(),
        dial=people.mobile_prefixes,
        digits=7,
        work=Work(
            "Học sinh",
            "Sinh viên",
            "Nghỉ hưu",
            (
                *("Nhân viên nhà hàng", "Nhân viên khách sạn", "Nhân viên lễ tân", "Nhân Viên Bán Hàng"),
                *("Công nhân sản xuất", "Thợ xây", "Nông dân", "Thực Tập"),
            ),
            tuple(jobs),
        ),
    )


def _america() -> Nation:
    families, givens = _FREQUENT
    return Nation(
        families=_frequent(EnglishPeople.last_names, families),
        middles=_NO_MIDDLE,
        givens={
            "F": _frequent(EnglishPeople.first_names_female, givens),
            "M": _frequent(EnglishPeople.first_names_male, givens),
        },
        family_first=False,
        gap=" ",
        mailbox=str.lower,
        dial=tuple(f"+1{area}55501" for area in _AREAS),
        digits=2,
        work=Work(
            "Pupil",
            "Student",
            "Retired",
            (
                *("Barista", "Holiday representative", "Sports coach", "Youth worker", "Bookseller"),
                *("Camera operator", "Retail merchandiser", "Administrator"),
            ),
            tuple(EnglishJobs.jobs),
        ),
    )


def _korea() -> Nation:
    people = KoreanPeople
    return Nation(
        families={name: float(weight) for name, weight in people.last_names.items()},
        middles=_NO_MIDDLE,
        givens={
            "F": {name: float(weight) for name, weight in people.first_names_female.items()},
            "M": {name: float(weight) for name, weight in people.first_names_male.items()},
        },
        family_first=True,
        gap="",
        mailbox=_romanised,
        dial=("+82100",),
        digits=7,
        work=Work(
            "고등학생",
            "대학생",
            "은퇴",
            (
                *("웨이터", "상점 판매원", "패스트푸드원", "음식 배달원"),
                *("매장계산원 및 요금정산원", "주방 보조원", "택배원", "주유원"),
            ),
            tuple(job for job in KoreanJobs.jobs if not job.startswith("기타")),  # "other": no answer
        ),
    )


_MADE: dict[str, Callable[[], Nation]] = {"vi_VN": _vietnam, "en_US": _america, "ko_KR": _korea}


@lru_cache(maxsize=len(_MADE))
def nation(locale: str) -> Nation:
    """Return the people of a locale: one of `narrowcast.worlds.ingredients.LOCALES`."""
    return _MADE[locale]()
