"""What a server is told through its environment, its configuration and its command line."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from pathlib import Path

from narrowcast.language import current_language
from narrowcast.serve.place import Place

__all__ = [
    "gallery_command",
    "gallery_environment",
    "lab_command",
    "lab_environment",
    "write_lab_configuration",
]

# A kernel of the gallery runs for a stranger, so it inherits what a program needs to run and nothing else.
HARMLESS = {
    "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "SYSTEMDRIVE",
    "USERPROFILE", "APPDATA", "LOCALAPPDATA", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "PYTHONPATH",
}  # fmt: skip


def lab_environment(place: Place) -> dict[str, str]:
    """Return the environment of JupyterLab.

    The person's own Jupyter settings are left aside: the course looks the same on every machine, and no
    setting made for another purpose can turn the token off. nbgrader finds the course wherever it is called.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for name in ("JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE", "JUPYTER_PREFER_ENV_PATH"):
        environment.pop(name, None)
    return (
        environment
        | _common()
        | {
            "JUPYTER_CONFIG_DIR": str(place.state / "lab"),
            "JUPYTER_CONFIG_PATH": str(place.assignments),
        }
    )


def gallery_environment(place: Place) -> dict[str, str]:
    """Return the environment of the gallery: what is harmless, by name, and no secret of the shell."""
    environment = {
        name: value for name, value in os.environ.items() if name in HARMLESS or name.startswith("LC_")
    }
    return environment | _common() | {"JUPYTER_CONFIG_DIR": str(place.state / "gallery")}


def _common() -> dict[str, str]:
    # nbgrader calls `alembic` by name to make a gradebook: the folder of our own programs comes first.
    programs = sysconfig.get_path("scripts")
    return {
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", os.defpath)]),
        "NARROWCAST_LANGUAGE": current_language(),
    }


def write_lab_configuration(place: Place, token: str) -> None:
    """Write what JupyterLab reads at its start, for nobody else's eyes.

    The token stands in a file, never on a command line, where every user of a machine can read it.
    """
    folder = place.state / "lab"
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    server = {
        "IdentityProvider": {"token": token},
        "PasswordIdentityProvider": {"hashed_password": ""},
        "LabApp": {
            # No news, no look for updates, no list of extensions: nothing is fetched while a lesson runs.
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "news_url": None,
            "extension_manager": "readonly",
        },
    }
    write_private(folder / "jupyter_server_config.json", json.dumps(server, indent=2))
    page = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(page, indent=2), encoding="utf-8")


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, from its first moment on."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)


def lab_command(place: Place, host: str, port: int) -> list[str]:
    """Return the command that runs JupyterLab on the whole course: lessons and assignments."""
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser"),
        f"--ServerApp.ip={host}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={place.root}",
        f"--LabApp.default_url=/lab/tree/{place.lesson(current_language())}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--ServerApp.allow_root=True")  # a container, mostly: Jupyter refuses without it
    return command


def gallery_command(host: str, port: int) -> list[str]:
    """Return the command that runs the gallery in the folder of the apps, where voila.json says the rest."""
    return [
        *(sys.executable, "-m", "narrowcast.serve.gallery", "--no-browser", f"--port={port}"),
        f"--Voila.ip={host}",
        "--Voila.port_retries=0",
    ]
