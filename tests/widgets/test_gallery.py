"""The gallery opens its apps, in both languages, and nothing else."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("asked", "given"), [("vi-VN,vi;q=0.9", "vi"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_welcome_speaks_the_readers_language(fetch, asked, given):
    status, text = fetch("/", **{"Accept-Language": asked})
    assert status == 200
    assert f'<html lang="{given}">' in text


@pytest.mark.parametrize("language", ["en", "vi"])
def test_front_page_has_a_card_with_a_picture_for_the_app(fetch, language):
    status, text = fetch(f"/{language}/")
    assert status == 200
    assert f'href="/{language}/fliplab"' in text
    assert "/pictures/fliplab.webp" in text
    other = "vi" if language == "en" else "en"
    assert f'href="/{other}/" lang="{other}"' in text


@pytest.mark.parametrize(
    "path",
    [
        "/voila/tree", "/voila/tree/en", "/voila/api/contents", "/voila/api/contents/en/fliplab.ipynb",
        "/voila/render/en/fliplab.ipynb", "/voila/files/voila.json", "/voila/files/en/fliplab.ipynb", "/api/kernels",
        "/en/nothing", "/fr/", "/en/..%2f..%2fassignments", "/pictures/..%2fvoila.json", "/pictures/../voila.json",
        "/pictures/page.css%00.webp", "/en/fliplab.ipynb",
    ],
)  # fmt: skip
def test_nothing_else_is_opened_or_listed(fetch, path):
    status, text = fetch(path)
    assert status in {400, 403, 404, 405}, text[:300]
    assert "Traceback" not in text
    assert "fliplab.ipynb" not in text


def test_a_script_in_the_address_is_not_run(fetch):
    evil = "%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (f"/en/fliplab?theme={evil}", f"/en/fliplab?template={evil}", f"/en/?x={evil}", f"/{evil}"):
        assert "<script>alert(1)" not in fetch(path)[1]


def test_pages_carry_the_security_policy(gallery):
    import urllib.request

    for path in ("/en/", "/en/fliplab"):
        with urllib.request.urlopen(gallery + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'self'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
