from __future__ import annotations

import json
import os
import stat
import sysconfig

import pytest

from narrowcast.language import speaking
from narrowcast.serve.environ import (
    gallery_command,
    gallery_environment,
    lab_command,
    lab_environment,
    write_lab_configuration,
)
from narrowcast.serve.place import Place


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_the_gallery_inherits_no_secret(place, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    monkeypatch.setenv("LC_TIME", "vi_VN.UTF-8")
    environment = gallery_environment(place)
    assert "hunter2" not in environment.values()
    assert environment["LC_TIME"] == "vi_VN.UTF-8"
    assert environment["HOME"] == os.environ["HOME"]


@pytest.mark.parametrize("environment_of", [lab_environment, gallery_environment])
def test_servers_keep_compiled_bytecode_and_find_our_programs(place, monkeypatch, environment_of):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = environment_of(place)
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PATH"].split(os.pathsep)[0] == sysconfig.get_path("scripts")


@pytest.mark.parametrize("environment_of", [lab_environment, gallery_environment])
def test_servers_speak_the_language_of_the_command(place, environment_of):
    with speaking("vi"):
        assert environment_of(place)["NARROWCAST_LANGUAGE"] == "vi"


def test_nothing_of_the_person_can_turn_the_token_off(place, monkeypatch):
    monkeypatch.setenv("JUPYTER_TOKEN", "")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "/elsewhere")
    environment = lab_environment(place)
    assert "JUPYTER_TOKEN" not in environment
    assert environment["JUPYTER_CONFIG_DIR"] == str(place.state / "lab")
    assert environment["JUPYTER_CONFIG_PATH"] == str(place.assignments)


def test_the_token_is_written_for_the_owner_alone_and_anew(place):
    for token in ("first", "second"):
        write_lab_configuration(place, token)
        file = place.state / "lab" / "jupyter_server_config.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text())["IdentityProvider"]["token"] == token
    assert not any("second" in word for word in lab_command(place, "127.0.0.1", 8888))


def test_commands_do_not_look_for_another_port(place):
    assert "--ServerApp.port_retries=0" in lab_command(place, "127.0.0.1", 8888)
    assert "--Voila.port_retries=0" in gallery_command("127.0.0.1", 8866)
