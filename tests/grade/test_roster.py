from __future__ import annotations

from narrowcast.grade.roster import roster


def test_the_same_seed_gives_the_same_class():
    assert roster(12) == roster(12)
    assert roster(12, seed=1) != roster(12)
    assert roster(30)[:12] == roster(12)


def test_names_are_vietnamese_and_addresses_reach_nobody():
    students = roster(100)
    assert len({student.email for student in students}) == len({student.id for student in students}) == 100
    for student in students:
        assert student.email.isascii()
        assert student.email.rpartition("@")[2] in {"example.com", "example.net", "example.org"}
        assert student.name == f"{student.last_name} {student.first_name}"
        assert len(student.name.split()) >= 3
    assert sum(not student.name.isascii() for student in students) > 80


def test_ids_sort_as_they_are_numbered():
    ids = [student.id for student in roster(1200)]
    assert ids == sorted(ids)
    assert roster(12)[0].id == "s001"
