"""A PostgreSQL server of one's own, for tests: Debian's package, on a socket in a folder, reached by nobody else."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

PLACE = Path("/usr/lib/postgresql")
NONE_HERE = "no PostgreSQL here: sudo apt-get install postgresql"


@dataclass(frozen=True)
class Server:
    """A running server."""

    programs: Path
    folder: Path
    user: str

    def ask(self, sql: str, database: str = "postgres") -> str:
        command = [
            str(self.programs / "psql"),
            "-h",
            str(self.folder),
            "-U",
            self.user,
            "-d",
            database,
            "-Atc",
            sql,
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return ran.stdout.strip()

    def new_database(self, like: str = "template0") -> str:
        """Make a database, empty or like another that nobody uses at the moment; return its name."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.ask(f"create database {name} template {like}")
        return name

    def address(self, database: str) -> str:
        """Return a database's address for nbgrader."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={quote(str(self.folder))}"


def programs() -> Path | None:
    """Return the folder of the newest server that is installed."""
    found = [place for place in PLACE.glob("*/bin") if (place / "initdb").exists()]
    return max(
        found, key=lambda place: [int(part) for part in re.findall(r"\d+", place.parent.name)], default=None
    )


def as_nobody_special(command: Sequence[str]) -> list[str]:
    """Return the command as a user whom initdb accepts: it refuses root."""
    if os.geteuid():
        return list(command)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *command]


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start a server and end it; without the package the test is skipped."""
    found = programs()
    if found is None:
        pytest.skip(NONE_HERE)
    # Not in pytest's folder: another user cannot get there, and its name is too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="narrowcast-pg-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = str(folder / "data")
        run(
            [
                str(found / "initdb"),
                "-D",
                data,
                "-U",
                user,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ]
        )
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = [str(found / "pg_ctl"), "-D", data, "-w", "-t", "60", "-l", str(folder / "log")]
        run([*control, "-o", settings, "start"])
        try:
            yield Server(found, folder, user)
        finally:
            run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: Sequence[str]) -> None:
    ran = subprocess.run(
        as_nobody_special(command), cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{command[0]}: {ran.stderr}"
