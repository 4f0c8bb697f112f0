"""A PostgreSQL cluster of the checkout's own, on a Unix socket, fast rather than durable."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Optional

from .checkout import PREPARED, short_key
from .command import Words, output_of, run_logged
from .console import Failure, say, step
from .system_package import require_program

LONGEST_SOCKET_PATH = 107
ROLE = "odoo"
SOCKET_NAME = ".s.PGSQL.5432"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "timezone": "UTC",
}


class PrivateCluster:
    """The cluster's files lie in the prepared folder, or where its account can reach them.

    PostgreSQL refuses to run as root: for root, the account `postgres` or `nobody` runs it.
    `settings` go before the usual ones.
    """

    def __init__(
        self, prepared: Path = PREPARED, settings: Optional[Mapping[str, str]] = None
    ) -> None:
        self.settings = {**SETTINGS, **(settings or {})}
        self.account = server_account()
        self.folder = prepared / "postgresql"
        if self.account and not reachable(prepared, self.account):
            self.folder = fallback_folder("postgresql", prepared)
        self.data = self.folder / "data"
        self.socket_folder = self.folder
        if len(os.fsencode(self.folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            self.socket_folder = fallback_folder("socket", prepared)
        self.log = self.folder / "server.log"
        self.logs = prepared / "logs"

    @property
    def variables(self) -> dict[str, str]:
        return {"PGHOST": str(self.socket_folder), "PGPORT": "5432", "PGUSER": ROLE}

    def start(self) -> dict[str, str]:
        """Make and start the cluster where needed; the variables to reach it with."""
        if not self.answers():
            self.make()
            self.forget_dead_server()
            self.write_settings()
            with step("Starting PostgreSQL"):
                self.control("start", f"--log={self.log}")
        return self.variables

    def stop(self) -> None:
        if self.answers():
            with step("Stopping PostgreSQL"):
                self.control("stop", "--mode=fast")

    def restart(self, mode: str) -> None:
        """Stop the server as pg_ctl's mode says, "immediate" as a crash would, and start it."""
        self.control("restart", f"--mode={mode}", f"--log={self.log}")

    def answers(self) -> bool:
        if not (self.socket_folder / SOCKET_NAME).exists():
            return False
        query = ["psql", "--no-psqlrc", "--dbname=postgres", "--command=SELECT 1"]
        return output_of(query, {**os.environ, **self.variables}) is not None

    def make(self) -> None:
        """Run initdb, in a folder that gets its name only once it is complete."""
        programs = self.programs()
        for folder in (self.folder, self.socket_folder):
            self.make_private_folder(folder)
        if self.data.exists():
            return
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        with step("Making a PostgreSQL cluster"):
            self.run(
                [
                    programs / "initdb",
                    f"--pgdata={unfinished}",
                    f"--username={ROLE}",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync",
                ],
                "initdb",
            )
            unfinished.rename(self.data)

    def make_private_folder(self, folder: Path) -> None:
        """Make a folder that only the server's account can enter."""
        owner = pwd.getpwnam(self.account).pw_uid if self.account else os.getuid()
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o700)
            if self.account:
                shutil.chown(folder, self.account)
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise Failure(f"{folder} belongs to someone else: remove it")

    def programs(self) -> Path:
        """The folder of PostgreSQL's server programs, of the version that made the data."""
        version = self.data / "PG_VERSION"
        wanted = version.read_text().strip() if version.exists() else ""
        initdb = require_program("initdb", "postgresql", lambda: find_initdb(wanted))
        return initdb.parent

    def forget_dead_server(self) -> None:
        """Remove the lock of a server whose process number another process has by now.

        So it is after a reboot, and PostgreSQL would take that process for its server. With
        any other remains of a dead server it deals by itself.
        """
        lock = self.data / "postmaster.pid"
        try:
            process = lock.read_text().split("\n")[0].strip()
            working_folder = Path(os.readlink(f"/proc/{process}/cwd"))
        except OSError:
            return
        if working_folder != self.data.resolve():
            say("Removing the lock of a PostgreSQL that no longer runs")
            lock.unlink()
            (self.socket_folder / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def write_settings(self) -> None:
        """Write a file of settings, to which the one that initdb made refers at its end."""
        settings = {**self.settings, "unix_socket_directories": str(self.socket_folder)}
        lines = [f"{name} = {quoted(value)}\n" for name, value in settings.items()]
        (self.data / "settings.conf").write_text("".join(lines))
        include = "include_if_exists = 'settings.conf'\n"
        main_file = self.data / "postgresql.conf"
        if include not in main_file.read_text():
            with main_file.open("a") as file:
                file.write(include)

    def control(self, action: str, *arguments: str) -> None:
        program = self.programs() / "pg_ctl"
        try:
            self.run(
                [program, f"--pgdata={self.data}", "--wait", action, *arguments],
                f"pg_ctl {action}",
            )
        except Failure as failure:
            raise Failure(
                f"{failure}; the server's own words: {self.log};"
                f" to begin anew remove {self.folder}"
            ) from None

    def run(self, words: Words, purpose: str) -> None:
        name = purpose.replace(" ", "-")
        prefix = ["runuser", "-u", self.account, "--"] if self.account else []
        run_logged([*prefix, *words], purpose, self.logs / f"{name}.log", self.folder)


def server_account() -> Optional[str]:
    """Whom the server runs as, where that is not the user of this process."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Failure(
        "PostgreSQL cannot run as root, and there is no user postgres or nobody"
    )


def reachable(folder: Path, account: str) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    check = ["runuser", "-u", account, "--", "test", "-x", folder]
    return output_of(check) is not None


def fallback_folder(kind: str, prepared: Path) -> Path:
    """A folder with a short path for this checkout alone, in the system's temporary folder."""
    lasting = Path("/var/tmp")
    parent = lasting if os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())
    return parent / f"odoo-{kind}-{os.getuid()}-{short_key(prepared)}"


def find_initdb(version: str = "") -> Optional[Path]:
    """The newest initdb here, or the one of a version; PATH after Debian's own folders."""
    pattern = f"{version or '*'}/bin/initdb"
    found = sorted(
        Path("/usr/lib/postgresql").glob(pattern),
        key=lambda path: [int(digits) for digits in re.findall(r"\d+", str(path))],
    )
    on_path = shutil.which("initdb")
    if not found and on_path:
        return Path(on_path).resolve()
    return found[-1] if found else None


def quoted(value: str) -> str:
    """A value as postgresql.conf wants it.

    >>> quoted("it's")
    "'it''s'"
    """
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
