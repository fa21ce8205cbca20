"""Who a customer is on paper: a Faker provider for Vietnamese people, and customers drawn with it.

Faker's own ``vi_VN`` puts names in Western order, calls men "Thị" and writes telephone numbers that
do not exist, so names, mobiles and e-mail addresses come from here; jobs and provinces are Faker's.
E-mail domains are reserved ones (RFC 2606): nobody real can be written to.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from faker import Faker
from faker.providers import BaseProvider
from faker.providers.address.vi_VN import Provider as Address
from scipy.special import ndtri

from narrowcast.errors import RecipeError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds.draws import Floats, Purpose, uniforms
from narrowcast.worlds.population import Population
from narrowcast.worlds.recipe import Recipe

__all__ = ["TODAY", "VietnamesePeople", "ascii_fold", "draw_people", "provinces"]

TODAY = pd.Timestamp("2026-01-01")
"""The day on which every market begins."""

POOL = 1_500
"""Names made by Faker for each gender; customers share them, as people do."""


def ascii_fold(text: str) -> str:
    """Return `text` in plain ASCII letters: "Đặng Thị Thuý" becomes "Dang Thi Thuy"."""
    decomposed = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class VietnamesePeople(BaseProvider):
    """Names, mobiles and addresses as Vietnamese people have them.

    Family names follow their share in the population (Lê Trung Hoa, "Họ và tên người Việt Nam", 2005).

    Examples
    --------
    >>> fake = Faker("vi_VN")
    >>> fake.add_provider(VietnamesePeople)
    >>> fake.seed_instance(1)
    >>> len(fake.vietnamese_name("F").split()) >= 3
    True
    """

    families: ClassVar[dict[str, float]] = {
        "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Hoàng": 3.1, "Huỳnh": 2.0, "Phan": 4.5,
        "Vũ": 2.4, "Võ": 1.5, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0,
        "Lý": 0.5, "Đinh": 0.8, "Trương": 0.9, "Lâm": 0.6, "Mai": 0.5, "Đào": 0.6, "Đoàn": 0.6, "Trịnh": 0.6,
        "Hà": 0.5, "Cao": 0.5, "Tạ": 0.3, "Thái": 0.3, "Châu": 0.3, "Lương": 0.5, "Vương": 0.3,
    }  # fmt: skip
    middles: ClassVar[dict[str, dict[str, int]]] = {
        "F": {"Thị": 40, "Ngọc": 10, "Thanh": 8, "Thu": 7, "Minh": 6, "Phương": 6, "Kim": 5, "Bảo": 5,
              "Khánh": 4, "Hồng": 4, "Mỹ": 3, "Tú": 2},
        "M": {"Văn": 26, "Minh": 13, "Quốc": 10, "Đức": 10, "Hữu": 8, "Thanh": 7, "Gia": 6, "Anh": 5,
              "Xuân": 5, "Công": 4, "Tuấn": 3, "Đình": 3},
    }  # fmt: skip
    givens: ClassVar[dict[str, tuple[str, ...]]] = {
        "F": ("Lan", "Hương", "Linh", "Trang", "Hà", "Thảo", "Mai", "Nhung", "Yến", "Vy", "Quỳnh", "Ngân",
              "Hằng", "Thúy", "Loan", "Diệp", "Trâm", "Oanh", "My", "Chi", "Giang", "Hạnh", "Tuyết", "Như"),
        "M": ("Hùng", "Dũng", "Nam", "Tuấn", "Long", "Khoa", "Phúc", "Huy", "Sơn", "Thắng", "Đạt", "Kiên",
              "Bình", "Quân", "Hiếu", "Trung", "Tùng", "Khánh", "Phong", "Vinh", "Hải", "Thành", "Lâm", "Đăng"),
    }  # fmt: skip
    mobile_prefixes = (
        "032", "033", "034", "035", "036", "037", "038", "039", "056", "058", "059", "070", "076",
        "077", "078", "079", "081", "082", "083", "084", "085", "086", "088", "090", "091", "093",
        "094", "096", "097", "098",
    )  # fmt: skip
    mail_domains = ("example.com", "example.net", "example.org")

    def vietnamese_name(self, gender: str) -> str:
        """Return a full name, family name first. `gender` is "F" or "M"."""
        weighted = self.random_elements
        family = weighted(self._ordered(self.families), length=1, use_weighting=True)[0]
        middle = weighted(self._ordered(self.middles[gender]), length=1, use_weighting=True)[0]
        return f"{family} {middle} {self.random_element(self.givens[gender])}"

    @staticmethod
    def _ordered(weights: dict[str, float] | dict[str, int]) -> dict[str, float]:
        from collections import OrderedDict  # noqa: PLC0415 - Faker insists on this very type

        return OrderedDict((name, float(weight)) for name, weight in weights.items())


def provinces() -> list[str]:
    """Return the 34 province-level units of Vietnam (since July 2025), as Faker lists them."""
    return sorted({*Address.cities, *Address.provinces})


@lru_cache(maxsize=1)
def _pools() -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Return names of women, names of men, and jobs, the same in every process."""
    fake = Faker("vi_VN", use_weighting=True)
    fake.add_provider(VietnamesePeople)
    fake.seed_instance(20_250_701)
    women = np.array([fake.vietnamese_name("F") for _i in range(POOL)], dtype=object)
    men = np.array([fake.vietnamese_name("M") for _i in range(POOL)], dtype=object)
    jobs = np.array(sorted({fake.job() for _i in range(400)}), dtype=object)
    return women, men, jobs


def _pick(pool: npt.NDArray[np.object_], u: Floats) -> npt.NDArray[np.object_]:
    return pool[(u * pool.size).astype(np.int64)]


def _province(recipe: Recipe, population: Population, u: Floats) -> npt.NDArray[np.object_]:
    """Place people: the recipe's named provinces by their shares, the rest evenly over the others."""
    everywhere = provinces()
    for name, segment in recipe.segments.items():
        for given in segment.provinces:
            if given not in everywhere:
                unknown = UnknownName(kind=_("province"), given=given, allowed=everywhere)
                raise RecipeError(recipe.name, f"segments.{name}.provinces", str(unknown))
    placed = np.empty(population.size, dtype=object)
    for number, segment in enumerate(recipe.segments.values()):
        others = [name for name in everywhere if name not in segment.provinces]
        left = max(0.0, 1 - sum(segment.provinces.values()))
        names = np.array([*segment.provinces, *others], dtype=object)
        bounds = np.cumsum([*segment.provinces.values(), *[left / len(others)] * len(others)])
        mine = population.segment == number
        placed[mine] = names[np.minimum(np.searchsorted(bounds, u[mine]), names.size - 1)]
    return placed


def draw_people(recipe: Recipe, population: Population, seed: int) -> pd.DataFrame:
    """Give every customer an identity.

    Returns
    -------
    pandas.DataFrame
        One row a customer: customer_id, name, gender, birth_date, province, job, email, phone,
        email_consent, phone_consent, file_source, segment, acquired_at, channel, device,
        referrer_id, arm. E-mail and phone are missing where the customer gave none.
    """
    n = population.size

    def draw(slot: int) -> Floats:
        return uniforms(seed, Purpose.IDENTITY, 0, n, channel=slot)

    def each(field: str) -> Floats:
        values = [getattr(segment, field).value for segment in recipe.segments.values()]
        return np.array(values, dtype=np.float64)[population.segment]

    women, men, jobs = _pools()
    female = draw(0) < each("female")
    names = np.where(female, _pick(women, draw(1)), _pick(men, draw(1)))
    age = np.clip(each("age") + each("age_spread") * ndtri(draw(2)), 16, 85)
    prefixes = np.array(VietnamesePeople.mobile_prefixes, dtype=object)
    number = (draw(3) * 10_000_000).astype(np.int64)
    domains = np.array(VietnamesePeople.mail_domains, dtype=object)
    domain = _pick(domains, draw(4))
    folded = {name: ascii_fold(name).lower().split() for name in {*women, *men}}
    mail = [
        f"{folded[name][-1]}.{folded[name][0]}{i}@{at}"
        for i, (name, at) in enumerate(zip(names, domain, strict=True))
    ]
    phone = [f"{prefix}{digits:07d}" for prefix, digits in zip(_pick(prefixes, draw(5)), number, strict=True)]
    has_mail, has_phone = draw(6) < 0.86, draw(7) < 0.92
    referred = draw(8) < 0.12
    referrer = (draw(9) * np.arange(n)).astype(np.int64)  # somebody who was there before
    ids = np.array([f"C{i:07d}" for i in range(n)], dtype=object)
    referred[0] = False
    days = np.sort(draw(10) * 3 * 365)[::-1]  # the longer a customer, the lower the number
    segments = np.array(list(recipe.segments), dtype=object)
    return pd.DataFrame(
        {
            "customer_id": ids,
            "name": names,
            "gender": np.where(female, "F", "M"),
            "birth_date": (TODAY - pd.to_timedelta((age * 365.25).astype(int), unit="D")).normalize(),
            "province": _province(recipe, population, draw(11)),
            "job": _pick(jobs, draw(12)),
            "email": pd.Series(mail, dtype="string").where(has_mail),
            "phone": pd.Series(phone, dtype="string").where(has_phone),
            "email_consent": has_mail & (draw(13) < each("email_consent")),
            "phone_consent": has_phone & (draw(14) < each("phone_consent")),
            "file_source": "house",
            "segment": pd.Categorical(segments[population.segment], categories=list(recipe.segments)),
            "acquired_at": (TODAY - pd.to_timedelta(days.astype(int) + 1, unit="D")).normalize(),
            "channel": np.where(referred, "referral", np.where(draw(15) < 0.4, "search", "direct")),
            "device": np.where(draw(16) < each("mobile"), "mobile", "desktop"),
            "referrer_id": pd.Series(ids[referrer], dtype="string").where(referred),
            "arm": "none",
        }
    )
