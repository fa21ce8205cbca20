"""People on paper, of three countries: as frequent as the lists say, and reachable by nobody."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from faker.providers.person.en_US import Provider as English
from faker.providers.person.ko_KR import Provider as Korean
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.worlds import Purpose, VietnamesePeople, uniforms
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.people.identity import SLOTS, Identities, identities
from narrowcast.worlds.people.nations import nation

MANY = 60_000
REGIONS = {"vi_VN": "VN", "en_US": "US", "ko_KR": "KR"}


def drawer(seed: int, count: int, start: int = 0):
    return lambda slot: uniforms(seed, Purpose.IDENTITY, start, count, channel=slot)


def some(
    seed: int, count: int, locale: str | None = None, *, female: bool | None = None, tag: str = ""
) -> Identities:
    """Return people of one locale, or of all by turns."""
    gender = np.arange(count) % 2 == 0 if female is None else np.full(count, female)
    code = np.arange(count) % len(LOCALES) if locale is None else np.full(count, LOCALES.index(locale))
    return identities(drawer(seed, count), np.arange(count), gender, code.astype(np.uint8), tag)


def shares(weights):
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def assert_as_frequent(drawn: list[str], weights) -> None:
    counts = Counter(drawn)
    assert set(counts) <= set(weights)
    for name, share in shares(weights).items():
        error = (len(drawn) * share * (1 - share)) ** 0.5
        # A share is held to within 1/65,536 of itself.
        assert abs(counts[name] - share * len(drawn)) < 4.7 * error + len(drawn) / 65_536, name


@pytest.mark.parametrize("female", [True, False])
def test_vietnamese_names_follow_the_providers_weights(female):
    gender = "F" if female else "M"
    names = some(1, MANY, "vi_VN", female=female).name().to_pylist()
    parts = [name.split(" ", 2) for name in names]
    middles, givens = VietnamesePeople.middles[gender], VietnamesePeople.givens[gender]
    assert_as_frequent([family for family, _middle, _given in parts], VietnamesePeople.families)
    assert_as_frequent([given_ for *_rest, given_ in parts], givens)
    assert {middle for _family, middle, _given in parts} <= set(middles)
    assert not any(middle in given_.split() for _family, middle, given_ in parts)
    # Where the given name repeats no middle name at all, the middle names are as frequent as their weights.
    free = {given_ for given_ in givens if not set(given_.split()) & set(middles)}
    assert_as_frequent([middle for _family, middle, given_ in parts if given_ in free], middles)


def test_the_provider_and_the_table_have_one_distribution():
    from faker import Faker

    fake = Faker("vi_VN")
    fake.add_provider(VietnamesePeople)
    fake.seed_instance(5)
    count = 20_000
    made = Counter(fake.vietnamese_name("F").split()[1] for _person in range(count))
    taken = Counter(name.split()[1] for name in some(5, MANY, "vi_VN", female=True).name().to_pylist())
    for middle in VietnamesePeople.middles["F"]:
        share = (made[middle] + taken[middle]) / (count + MANY)
        error = (share * (1 - share) * (1 / count + 1 / MANY)) ** 0.5
        assert abs(made[middle] / count - taken[middle] / MANY) < 4.5 * error, middle


@pytest.mark.parametrize("female", [True, False])
def test_english_names_are_fakers_given_name_first(female):
    names = some(2, MANY, "en_US", female=female).name().to_pylist()
    known = English.first_names_female if female else English.first_names_male
    given_, family = zip(*(name.split(" ") for name in names), strict=True)
    assert set(given_) <= set(known)
    assert set(family) <= set(English.last_names)
    assert_as_frequent(list(given_), nation("en_US").givens["F" if female else "M"])
    assert_as_frequent(list(family), nation("en_US").families)


@pytest.mark.parametrize("female", [True, False])
def test_korean_names_are_fakers_family_name_first(female):
    names = some(2, MANY, "ko_KR", female=female).name().to_pylist()
    assert all(re.fullmatch(r"[가-힣]{2,4}", name) for name in names)
    assert_as_frequent([name[0] for name in names], dict(Korean.last_names))
    known = Korean.first_names_female if female else Korean.first_names_male
    assert {name[1:] for name in names} <= set(known)


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [("김", "kim"), ("이", "lee"), ("박", "park"), ("민준", "minjun"), ("서윤", "seoyun"), ("현숙", "hyeonsuk"),
     ("혜진", "hyejin"), ("광수", "gwangsu"), ("은영", "eunyeong"), ("옥순", "oksun")],
)  # fmt: skip
def test_korean_mail_is_romanised(hangul, latin):
    assert nation("ko_KR").mailbox(hangul) == latin


@pytest.mark.parametrize("locale", LOCALES)
def test_mail_is_unique_ascii_and_reserved(locale):
    mails = some(3, 5_000, locale).email().to_pylist()
    assert len(set(mails)) == 5_000
    for number, mail in enumerate(mails):
        assert re.fullmatch(rf"[a-z]+\.[a-z]+{number}@example\.(com|net|org)", mail)


@pytest.mark.parametrize("locale", LOCALES)
def test_mail_is_of_the_persons_own_name(locale):
    who, people = some(9, 2_000, locale), nation(locale)
    for name, mail in zip(who.name().to_pylist(), who.email().to_pylist(), strict=True):
        words = [name[0], name[1:]] if locale == "ko_KR" else name.split()
        family, given_ = (words[-1], words[0]) if locale == "en_US" else (words[0], words[-1])
        assert mail.startswith(f"{people.mailbox(given_)}.{people.mailbox(family)}"), name


def test_a_tag_keeps_addresses_apart():
    plain, tagged = (set(some(3, 3_000, tag=tag).email().to_pylist()) for tag in ("", "k"))
    assert not plain & tagged
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+\.k\d+@example\.(com|net|org)", mail) for mail in tagged)


@pytest.mark.parametrize("locale", LOCALES)
def test_phones_are_valid_in_their_country(locale):
    for phone in set(some(4, 1_500, locale).phone().to_pylist()):
        number = phonenumbers.parse(phone, "VN")
        assert phonenumbers.is_valid_number(number), phone
        assert phonenumbers.region_code_for_number(number) == REGIONS[locale], phone


def test_phones_abroad_are_nobodys():
    for area in nation("en_US").dial:
        assert re.fullmatch(r"\+1\d{3}55501", area)
        assert phonenumbers.is_valid_number(phonenumbers.parse(f"{area}00"))
        assert phonenumbers.is_valid_number(phonenumbers.parse(f"{area}99"))
    assert all(
        re.fullmatch(r"\+1\d{3}55501\d\d", phone) for phone in some(5, 500, "en_US").phone().to_pylist()
    )
    assert all(re.fullmatch(r"\+82100\d{7}", phone) for phone in some(5, 500, "ko_KR").phone().to_pylist())


def test_every_prefix_and_digit_of_a_mobile_occurs():
    phones = some(6, MANY, "vi_VN").phone().to_pylist()
    assert_as_frequent([phone[:3] for phone in phones], dict.fromkeys(VietnamesePeople.mobile_prefixes, 1))
    for place in range(3, 10):
        assert_as_frequent([phone[place] for phone in phones], dict.fromkeys("0123456789", 1))


@settings(max_examples=25)
@given(
    st.integers(0, 2**60),
    st.integers(0, 40),
    st.integers(0, 40),
    st.lists(st.booleans(), min_size=80, max_size=80),
)
def test_a_person_depends_on_no_neighbour(seed, start, count, flags):
    code = np.arange(80, dtype=np.uint8) % len(LOCALES)
    female, present = np.array(flags), np.array(flags[::-1])
    whole = identities(drawer(seed, 80), np.arange(80), female, code)
    rows = slice(start, start + count)
    part = identities(drawer(seed, count, start), np.arange(80)[rows], female[rows], code[rows])
    assert part.name().equals(whole.name()[rows])
    assert part.email(present[rows]).equals(whole.email(present)[rows])
    assert part.phone(present[rows]).equals(whole.phone(present)[rows])


@pytest.mark.parametrize("locale", [*LOCALES, None])
def test_what_is_missing_is_missing_and_nothing_else_changes(locale):
    who, present = some(7, 999, locale), np.arange(999) % 7 != 0
    for made in (who.email, who.phone):
        held = made(present)
        held.validate(full=True)
        assert held.is_valid().to_numpy(zero_copy_only=False).tolist() == present.tolist()
        assert held.filter(pa.array(present)).equals(made().filter(pa.array(present)))


def test_mixed_locales_are_each_what_they_are_alone():
    mixed = some(8, 900)
    for code, locale in enumerate(LOCALES):
        alone, mine = some(8, 900, locale), pa.array(np.arange(900) % len(LOCALES) == code)
        for column in ("name", "email", "phone"):
            assert getattr(mixed, column)().filter(mine).equals(getattr(alone, column)().filter(mine)), column


@pytest.mark.parametrize("locales", [None, np.zeros(0, np.uint8)])
def test_nobody_is_no_trouble(locales):
    who = identities(drawer(1, 0), np.zeros(0, np.int64), np.zeros(0, np.bool_), locales)
    nobody = np.zeros(0, np.bool_)
    assert [len(made) for made in (who.name(), who.email(nobody), who.phone(nobody))] == [0, 0, 0]


def test_only_the_slots_that_are_promised_are_drawn():
    asked = set()

    def draw(slot):
        asked.add(slot)
        return uniforms(1, Purpose.IDENTITY, 0, 9, channel=slot)

    who = identities(draw, np.arange(9), np.zeros(9, np.bool_))
    who.phone()
    assert len(asked) == 1
    who.name(), who.email()
    assert asked == set(range(SLOTS))


def test_the_ends_of_the_unit_interval_are_names_too():
    for u in (2.0**-53, 1 - 2.0**-53):
        who = identities(
            lambda _slot, u=u: np.full(6, u), np.arange(6), np.arange(6) < 3, np.arange(6, dtype=np.uint8) % 3
        )
        assert pc.min(pc.binary_length(who.name())).as_py() > 0
        assert all(
            phonenumbers.is_valid_number(phonenumbers.parse(phone, "VN")) for phone in who.phone().to_pylist()
        )
