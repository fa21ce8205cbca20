"""A Faker provider for Vietnamese people: names, mobiles, e-mail and street addresses.

Faker's own ``vi_VN`` puts names in Western order, calls men "Thị" and writes telephone numbers that do not
exist; its streets, communes and provinces are good and are used here. E-mail domains are reserved ones
(RFC 2606), so nobody real can be written to. Vietnam reserves no telephone numbers for examples: a number may
by chance be somebody's. Do not call it.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from typing import ClassVar, Literal

from faker.providers import BaseProvider
from faker.providers.address.vi_VN import Provider as Address

__all__ = ["PROVINCES", "Gender", "VietnamesePeople", "ascii_fold", "middle_beside", "provinces"]

Gender = Literal["F", "M"]

PROVINCES = {
    "Hà Nội": 8807, "Hải Phòng": 4664, "Huế": 1433, "Đà Nẵng": 3066, "Hồ Chí Minh": 14003, "Cần Thơ": 4200,
    "Cao Bằng": 573, "Tuyên Quang": 1865, "Điện Biên": 673, "Lai Châu": 513, "Sơn La": 1405, "Lào Cai": 1779,
    "Thái Nguyên": 1799, "Lạng Sơn": 881, "Quảng Ninh": 1497, "Bắc Ninh": 3619, "Phú Thọ": 4023,
    "Hưng Yên": 3568, "Ninh Bình": 4412, "Thanh Hóa": 4325, "Nghệ An": 3832, "Hà Tĩnh": 1623,
    "Quảng Trị": 1871, "Quảng Ngãi": 2162, "Gia Lai": 3584, "Đắk Lắk": 3347, "Khánh Hòa": 2244,
    "Lâm Đồng": 3873, "Đồng Nai": 4491, "Tây Ninh": 3254, "Đồng Tháp": 4370, "Vĩnh Long": 4258,
    "An Giang": 4952, "Cà Mau": 2607,
}  # fmt: skip
"""The province-level units and their people in thousands, when they were formed (Resolution 202/2025/QH15)."""


def ascii_fold(text: str) -> str:
    """Return `text` in plain ASCII letters: "Đặng Thị Thuý" becomes "Dang Thi Thuy"."""
    decomposed = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def provinces() -> list[str]:
    """Return the 34 province-level units of Vietnam (since July 2025), as Faker lists them."""
    return sorted(PROVINCES)


def middle_beside(middles: list[str], number: int, given: str) -> str:
    """Return a middle name that a given name does not repeat: the one drawn, or the next in the list."""
    words = given.split()
    while middles[number % len(middles)] in words:
        number += 1
    return middles[number % len(middles)]


class VietnamesePeople(BaseProvider):
    """People as Vietnam has them, for ``fake.add_provider``.

    The fourteen most frequent family names have their published share of the population (Lê Trung Hoa, "Họ và
    tên người Việt Nam", 2005: together 89.1 in a hundred; his Hoàng with Huỳnh and Vũ with Võ are parted here);
    the rest of the list shares what is left. How frequent middle and given names are was chosen.

    Attributes
    ----------
    families
        Family names with their share, in hundredths.
    middles, givens
        By gender: middle and given names with their weights. No middle name is both women's and men's.
    mobile_prefixes
        First three digits of mobiles; with any seven digits after them the number is a valid one.
    mail_domains
        Domains that are reserved for examples.

    Examples
    --------
    >>> from faker import Faker
    >>> fake = Faker("vi_VN")
    >>> fake.add_provider(VietnamesePeople)
    >>> fake.seed_instance(1)
    >>> len(fake.vietnamese_name("F").split()) >= 3
    True
    """

    families: ClassVar[dict[str, float]] = {
        "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Hoàng": 3.1, "Huỳnh": 2.0, "Phan": 4.5,
        "Vũ": 2.4, "Võ": 1.5, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0,
        "Lý": 0.5,
        "Trương": 1.3, "Đinh": 1.0, "Đoàn": 0.7, "Trịnh": 0.7, "Đào": 0.7, "Lâm": 0.6, "Mai": 0.6, "Hà": 0.6,
        "Lương": 0.6, "Cao": 0.5, "Lưu": 0.5, "Tạ": 0.4, "Phùng": 0.4, "Thái": 0.3, "Châu": 0.3, "Vương": 0.3,
        "Tô": 0.3, "Chu": 0.3, "Tăng": 0.2, "Quách": 0.2, "Kiều": 0.2, "Nghiêm": 0.1, "La": 0.1,
    }  # fmt: skip
    middles: ClassVar[dict[Gender, dict[str, float]]] = {
        "F": {"Thị": 36, "Ngọc": 9, "Thanh": 7, "Thu": 6, "Phương": 5, "Kim": 4, "Hồng": 4, "Thùy": 4,
              "Quỳnh": 3, "Khánh": 3, "Bảo": 3, "Mỹ": 3, "Bích": 3, "Diệu": 2, "Tuyết": 2, "Ánh": 2, "Cẩm": 2,
              "Như": 2, "Vân": 2, "Mai": 2, "Lan": 2, "Thảo": 1, "Yến": 1, "Hà": 1, "Trúc": 1},
        "M": {"Văn": 25, "Minh": 10, "Quốc": 8, "Đức": 8, "Hữu": 7, "Quang": 5, "Anh": 4, "Công": 4, "Xuân": 4,
              "Gia": 4, "Đình": 4, "Hoàng": 4, "Tuấn": 3, "Trọng": 3, "Thế": 3, "Thành": 3, "Duy": 3, "Bá": 2,
              "Mạnh": 2, "Chí": 2, "Viết": 2, "Nhật": 2, "Tiến": 2, "Trung": 2, "Phước": 1},
    }  # fmt: skip
    givens: ClassVar[dict[Gender, dict[str, float]]] = {
        "F": {"Anh": 6, "Linh": 5, "Trang": 5, "Phương": 5, "Hương": 4, "Hà": 4, "Thảo": 4, "Hằng": 4, "Huyền": 4,
              "Ngọc": 4, "Thủy": 4, "Lan": 3, "Mai": 3, "Nhung": 3, "Yến": 3, "Vy": 3, "Quỳnh": 3, "Ngân": 3,
              "Thúy": 3, "Chi": 3, "Hạnh": 3, "Hiền": 3, "Hoa": 3, "Nga": 3, "Dung": 3, "Vân": 3, "Loan": 2,
              "Trâm": 2, "Oanh": 2, "My": 2, "Giang": 2, "Tuyết": 2, "Như": 2, "Liên": 2, "Hồng": 2, "Thu": 2,
              "Trinh": 2, "Thư": 2, "Uyên": 2, "Tiên": 2, "Trúc": 2, "Ly": 2, "Duyên": 2, "Phượng": 2, "Diệp": 1,
              "Bích": 1, "Nguyệt": 1, "Xuân": 1, "Châu": 1, "Tâm": 1, "Hoài": 1, "Lệ": 1, "Cúc": 1, "Đào": 1,
              "Ánh": 1, "Diễm": 1, "Kiều": 1, "Hường": 1, "Bảo Ngọc": 2, "Phương Linh": 2, "Minh Anh": 2,
              "Khánh Linh": 2, "Phương Thảo": 2, "Thu Hà": 2, "Minh Châu": 1, "Thanh Hương": 1, "Thanh Trúc": 1,
              "Khánh Vy": 1, "Thùy Dương": 1, "Tường Vy": 1, "Hoài An": 1, "Kim Ngân": 1, "Bảo Trân": 1,
              "Hà My": 1, "Quỳnh Như": 1, "Diệu Linh": 1, "Ngọc Ánh": 1, "Mai Anh": 1},
        "M": {"Anh": 5, "Hùng": 5, "Dũng": 5, "Tuấn": 5, "Nam": 4, "Long": 4, "Minh": 4, "Huy": 4, "Sơn": 4,
              "Hoàng": 4, "Cường": 4, "Đức": 4, "Thắng": 4, "Đạt": 4, "Hải": 4, "Khoa": 3, "Phúc": 3, "Kiên": 3,
              "Bình": 3, "Quân": 3, "Hiếu": 3, "Trung": 3, "Tùng": 3, "Thành": 3, "Duy": 3, "Quang": 3,
              "Hưng": 3, "Khánh": 2, "Phong": 2, "Vinh": 2, "Lâm": 2, "Việt": 2, "Toàn": 2, "Tài": 2, "Tâm": 2,
              "Thịnh": 2, "Trí": 2, "Trường": 2, "Tú": 2, "Lộc": 2, "Nghĩa": 2, "Nhân": 2, "Hòa": 2, "Khang": 2,
              "Bảo": 2, "Mạnh": 2, "Tiến": 2, "Phát": 2, "Thái": 2, "Đăng": 1, "An": 1, "Chiến": 1, "Danh": 1,
              "Giang": 1, "Hậu": 1, "Hiệp": 1, "Hào": 1, "Khôi": 1, "Kiệt": 1, "Luân": 1, "Phước": 1, "Quý": 1,
              "Sang": 1, "Tân": 1, "Thiện": 1, "Thuận": 1, "Vũ": 1, "Gia Bảo": 2, "Gia Huy": 2, "Tuấn Anh": 2,
              "Đức Anh": 2, "Minh Quân": 1, "Minh Khang": 1, "Anh Tuấn": 1, "Quang Huy": 1, "Hoàng Long": 1,
              "Tuấn Kiệt": 1, "Nhật Minh": 1, "Thành Đạt": 1, "Trung Kiên": 1},
    }  # fmt: skip
    mobile_prefixes: ClassVar[tuple[str, ...]] = (
        "032", "033", "034", "035", "036", "037", "038", "039", "056", "058", "059", "070", "076",
        "077", "078", "079", "081", "082", "083", "084", "085", "086", "087", "088", "090", "091", "092",
        "093", "094", "096", "097", "098",
    )  # fmt: skip
    mail_domains: ClassVar[tuple[str, ...]] = ("example.com", "example.net", "example.org")

    def family_name(self) -> str:
        """Return a family name, as frequent as in the population."""
        return self._one_of(self.families)

    def middle_name(self, gender: Gender) -> str:
        """Return a middle name. `gender` is "F" or "M"."""
        return self._one_of(self.middles[gender])

    def given_name(self, gender: Gender) -> str:
        """Return a given name, of one or two words. `gender` is "F" or "M"."""
        return self._one_of(self.givens[gender])

    def vietnamese_name(self, gender: Gender | None = None) -> str:
        """Return a full name: family, middle, given. `gender` is "F" or "M"; left out, either."""
        who: Gender = self.random_element(("F", "M")) if gender is None else gender
        family, given, middles = self.family_name(), self.given_name(who), list(self.middles[who])
        middle = middle_beside(middles, middles.index(self.middle_name(who)), given)
        return f"{family} {middle} {given}"

    def mobile(self) -> str:
        """Return a mobile number as it is dialled at home: ten digits."""
        return f"{self.random_element(self.mobile_prefixes)}{self.random_int(0, 9_999_999):07d}"

    def email(self, name: str | None = None) -> str:
        """Return an address that a person of this name may have, on a reserved domain; ASCII alone."""
        words = ascii_fold(name or self.vietnamese_name()).lower().split()
        local = f"{words[-1]}.{words[0]}{self.random_int(1, 9_999)}"
        return f"{local}@{self.random_element(self.mail_domains)}"

    def province(self) -> str:
        """Return one of the 34 province-level units as often as people live there, without "tỉnh" before it."""
        return self._one_of(PROVINCES)

    def address(self) -> str:
        """Return a street address: house number, street, commune, province-level unit."""
        house, unit = self.random_int(1, 399), self.province()
        lane = f"/{self.random_int(1, 60)}" if self.random_int(1, 3) == 1 else ""  # off the street itself
        kind = "thành phố" if unit in Address.cities else "tỉnh"
        commune = f"{self.random_element(('phường', 'xã'))} {self.random_element(Address.communes)}"
        return f"{house}{lane} đường {self.random_element(Address.streets)}, {commune}, {kind} {unit}"

    def _one_of(self, weights: Mapping[str, float]) -> str:
        # Faker takes weights from this very type alone.
        return str(self.random_elements(OrderedDict(weights), length=1, use_weighting=True)[0])
