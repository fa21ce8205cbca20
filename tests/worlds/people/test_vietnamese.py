"""The Faker provider: Vietnamese people, believable and reachable by nobody's mistake."""

from __future__ import annotations

import re
from collections import Counter

import phonenumbers
import pytest
from faker import Faker
from faker.providers.address.vi_VN import Provider as Address
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.worlds import VietnamesePeople
from narrowcast.worlds.people.vietnamese import PROVINCES, ascii_fold, middle_beside, provinces

MANY = 20_000


def people(seed: int = 1) -> Faker:
    fake = Faker("vi_VN")
    fake.add_provider(VietnamesePeople)
    fake.seed_instance(seed)
    return fake


def off_by(count: int, share: float, total: int) -> float:
    """How many standard errors a count lies from what its share promises."""
    return abs(count - share * total) / (total * share * (1 - share)) ** 0.5


def chances(weights: dict[str, float]) -> dict[str, float]:
    return {name: weight / sum(weights.values()) for name, weight in weights.items()}


def test_the_same_seed_makes_the_same_people():
    makers = ("vietnamese_name", "mobile", "email", "address", "province")
    one, two, other = people(7), people(7), people(8)
    made = [[getattr(fake, maker)() for maker in makers for _time in range(20)] for fake in (one, two, other)]
    assert made[0] == made[1] != made[2]


def test_the_published_shares_are_kept():
    published = {
        "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Phan": 4.5, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4,
        "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5,
    }  # fmt: skip
    families = VietnamesePeople.families
    assert {name: families[name] for name in published} == published
    assert families["Hoàng"] + families["Huỳnh"] == pytest.approx(5.1)
    assert families["Vũ"] + families["Võ"] == pytest.approx(3.9)
    assert sum(families.values()) == pytest.approx(100)


def test_family_names_are_as_frequent_as_their_share():
    fake = people()
    drawn = Counter(fake.family_name() for _person in range(MANY))
    for name, share in chances(VietnamesePeople.families).items():
        assert off_by(drawn[name], share, MANY) < 4.5, name


@pytest.mark.parametrize("gender", ["F", "M"])
@pytest.mark.parametrize(("maker", "lists"), [("middle_name", "middles"), ("given_name", "givens")])
def test_other_names_follow_their_weights(gender, maker, lists):
    fake, weights = people(), getattr(VietnamesePeople, lists)[gender]
    drawn = Counter(getattr(fake, maker)(gender) for _person in range(MANY))
    for name, share in chances(weights).items():
        assert off_by(drawn[name], share, MANY) < 4.5, name


def test_there_are_names_enough():
    for gender in ("F", "M"):
        assert len(VietnamesePeople.middles[gender]) >= 20
        assert len(VietnamesePeople.givens[gender]) >= 60
        assert any(" " in name for name in VietnamesePeople.givens[gender])


def test_no_middle_name_is_of_both_genders():
    assert not set(VietnamesePeople.middles["F"]) & set(VietnamesePeople.middles["M"])
    assert "Thị" in VietnamesePeople.middles["F"]
    assert "Văn" in VietnamesePeople.middles["M"]


@pytest.mark.parametrize("gender", ["F", "M"])
def test_a_full_name_is_family_middle_given(gender):
    fake = people(3)
    for _person in range(3_000):
        family, middle, given_ = fake.vietnamese_name(gender).split(" ", 2)
        assert family in VietnamesePeople.families
        assert middle in VietnamesePeople.middles[gender]
        assert given_ in VietnamesePeople.givens[gender]
        assert middle not in given_.split()


def test_a_name_without_a_gender_is_of_either():
    fake = people()
    middles = {fake.vietnamese_name().split()[1] for _person in range(200)}
    assert middles & set(VietnamesePeople.middles["F"])
    assert middles & set(VietnamesePeople.middles["M"])


@given(st.sampled_from(["F", "M"]), st.data())
def test_a_given_name_never_repeats_the_middle_name(gender, data):
    middles = list(VietnamesePeople.middles[gender])
    number = data.draw(st.integers(0, len(middles) - 1))
    given_ = data.draw(st.sampled_from(list(VietnamesePeople.givens[gender])))
    middle = middle_beside(middles, number, given_)
    assert middle in middles
    assert middle not in given_.split()
    assert middle == middles[number] or middles[number] in given_.split()


@pytest.mark.parametrize("prefix", VietnamesePeople.mobile_prefixes)
def test_every_mobile_with_a_prefix_is_valid(prefix):
    for rest in ("0000000", "0999999", "1234567", "5000000", "6999999", "8888888", "9999999"):
        number = phonenumbers.parse(prefix + rest, "VN")
        assert phonenumbers.is_valid_number(number), prefix + rest
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def test_mobiles_are_ten_digits_of_all_five_ranges():
    fake = people()
    mobiles = [fake.mobile() for _person in range(2_000)]
    assert all(re.fullmatch(r"0[35789]\d{8}", mobile) for mobile in mobiles)
    assert {mobile[:2] for mobile in mobiles} == {"03", "05", "07", "08", "09"}


def test_mail_is_ascii_and_goes_nowhere():
    fake = people()
    assert re.fullmatch(r"dung\.dang\d+@example\.(com|net|org)", fake.email("Đặng Đình Dũng"))
    for _person in range(500):
        assert re.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(com|net|org)", fake.email())


def test_addresses_are_made_of_real_streets_communes_and_provinces():
    fake = people()
    for _person in range(300):
        street, commune, unit = fake.address().split(", ")
        house, _way, road = street.split(" ", 2)
        assert re.fullmatch(r"\d+(/\d+)?", house)
        assert road in Address.streets
        assert commune.split(" ", 1)[1] in Address.communes
        kind = "thành phố " if unit.startswith("thành phố ") else "tỉnh "
        assert unit.removeprefix(kind) in PROVINCES
        assert (unit.removeprefix(kind) in Address.cities) == (kind == "thành phố ")


def test_provinces_are_the_34_that_faker_knows():
    assert len(provinces()) == 34
    assert provinces() == sorted({*Address.cities, *Address.provinces})
    fake = people()
    drawn = Counter(fake.province() for _person in range(MANY))
    for name, share in chances(PROVINCES).items():
        assert off_by(drawn[name], share, MANY) < 4.5, name


def test_other_languages_keep_their_own_names():
    fake = Faker(["en_US", "vi_VN"])
    fake["vi_VN"].add_provider(VietnamesePeople)
    assert fake["vi_VN"].vietnamese_name("F").split()[0] in VietnamesePeople.families
    assert not hasattr(fake["en_US"], "vietnamese_name")


@given(
    st.text(
        alphabet="aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđĐ ", max_size=40
    )
)
def test_folding_leaves_one_plain_letter_for_each(text):
    folded = ascii_fold(text)
    assert folded.isascii()
    assert len(folded) == len(text)
    assert ascii_fold(folded) == folded


def test_ascii_fold():
    assert ascii_fold("Đặng Thị Thuý đường") == "Dang Thi Thuy duong"
