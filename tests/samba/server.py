"""A Samba of the tests' own on 127.0.0.1, which serves the share as it is shipped, and people who work on it.

The definition is `systemd/syncd-share.conf`, with this machine's folders and accounts in the place of the ward's.
"""

from __future__ import annotations

import array
import fcntl
import os
import shutil
import socket
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SHARE = Path(__file__).resolve().parents[2] / "systemd" / "syncd-share.conf"
STAFF = ("games", "news")
"""Two accounts that every Debian has, as two of the staff."""
READER, ACCOUNTING = "backup", "irc"
PROGRAMS = ("smbd", "smbclient", "smbpasswd", "testparm")
GLOBAL = """\
[global]
    server role = standalone server
    interfaces = 127.0.0.1/8
    bind interfaces only = yes
    smb ports = {port}
    disable netbios = yes
    pid directory = {folder}
    lock directory = {folder}/lock
    state directory = {folder}/lock
    cache directory = {folder}/cache
    private dir = {folder}/private
    ncalrpc dir = {folder}/ncalrpc
    log file = {folder}/smbd.log
    passdb backend = tdbsam
    load printers = no
    disable spoolss = yes
    idmap config * : range = 100000-199999
    include = {folder}/syncd-share.conf
"""


def required() -> None:
    """Fails under CI, and skips elsewhere, where there is no Samba or nobody may start one."""
    missing = [each for each in PROGRAMS if shutil.which(each, path=f"{os.environ['PATH']}:/usr/sbin") is None]
    audit = any(Path("/usr/lib").glob("*/samba/vfs/full_audit.so"))
    why = f"missing: {', '.join(missing)}" if missing else "" if audit else "missing: samba-vfs-modules"
    why = why or ("" if os.geteuid() == 0 else "only root can serve a share as another account")
    if why and os.environ.get("CI"):
        pytest.fail(why)
    if why:
        pytest.skip(why)


class Samba:
    """A running smbd. `share`: the folder that it serves; `audit`: its full_audit log."""

    def __init__(self, folder: Path, forced: str = "root") -> None:
        self.folder = folder
        self.share = folder / "share"
        self.audit = folder / "audit.log"
        self.config = folder / "smb.conf"
        for name in ("share", "lock", "cache", "private", "ncalrpc"):
            (folder / name).mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.config.write_text(GLOBAL.format(port=self.port, folder=folder), encoding="utf-8")
        (folder / "syncd-share.conf").write_text(self._definition(forced), encoding="utf-8")
        for person in (*STAFF, READER, ACCOUNTING):
            self._run("smbpasswd", "-c", str(self.config), "-s", "-a", person, given="secret\nsecret\n")
        self._smbd = subprocess.Popen(
            ["smbd", "-F", "--no-process-group", "-s", str(self.config)],
            env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # at its end it ends its whole process group
        )
        self._wait()

    def _definition(self, forced: str) -> str:
        text = SHARE.read_text(encoding="utf-8")
        for ours, theirs in (
            ("/srv/syncd/intranet", str(self.share)),
            ("/var/log/syncd/audit.log", str(self.audit)),
            ("force user = syncd", f"force user = {forced}"),
            ("force group = syncd", "force group = nogroup"),
            ("@syncd-staff", " ".join(STAFF)),
            ("@syncd-readers", READER),
            ("@syncd-accounting", ACCOUNTING),
        ):
            assert ours in text, f"{SHARE} has no {ours}"
            text = text.replace(ours, theirs)
        return text

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "smbd.log").read_text(errors="replace"))

    def _run(self, *words: str, given: str = "") -> str:
        done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def testparm(self) -> tuple[str, str]:
        """What Samba makes of the definition, and what it has to say about it."""
        words = ["testparm", "-s", str(self.config)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout, done.stderr

    def rotate(self) -> None:
        """A new audit log begins, as docs/share.md has logrotate do it."""
        self.audit.rename(self.audit.with_suffix(".1"))
        self._run("smbcontrol", "-s", str(self.config), "all", "reload-config")

    def stop(self) -> None:
        self._smbd.terminate()
        try:
            self._smbd.wait(10)
        except subprocess.TimeoutExpired:
            self._smbd.kill()
            self._smbd.wait()

    @contextmanager
    def person(self, name: str, share: str = "syncd") -> Iterator[Person]:
        """Somebody who has logged in."""
        person = Person(self.port, name, share)
        try:
            yield person
        finally:
            person.leave()


class Person:
    """A client of the share, which does one thing after the other. Paths are below the share, with `/`."""

    def __init__(self, port: int, name: str, share: str) -> None:
        self.name = name
        self._words = ["smbclient", f"//127.0.0.1/{share}", "-p", str(port), "-U", f"{name}%secret", "-E"]
        self._client = subprocess.Popen(
            self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
        )
        self._done = 0

    def do(self, *commands: str) -> str:
        """What the client had to say once these were done; '' when all went well."""
        assert self._client.stdin is not None and self._client.stdout is not None
        self._done += 1
        mark = f"done-{self._done}"
        for command in (*commands, f"!echo {mark}"):
            self._client.stdin.write(command + "\n")
            self._client.stdin.flush()
            self._wait_until_read()
        said = []
        for line in self._client.stdout:
            if mark in line:
                break
            said.append(line)
        else:
            raise AssertionError("".join(said))
        return "".join(line for line in said if "NT_STATUS" in line)

    def _wait_until_read(self) -> None:
        """smbclient sleeps over a second line that it read together with the first."""
        assert self._client.stdin is not None
        waiting = array.array("i", [1])
        while waiting[0] and self._client.poll() is None:
            fcntl.ioctl(self._client.stdin, termios.FIONREAD, waiting)
            time.sleep(0.0002)

    def put(self, local: Path, path: str) -> str:
        return self.do(f'put "{local}" {_quoted(path)}')

    def rename(self, source: str, target: str, *, over: bool = False) -> str:
        return self.do(f"rename {_quoted(source)} {_quoted(target)}{' -f' if over else ''}")

    def copy(self, source: str, target: str) -> str:
        """As Explorer copies within a share: the server does it."""
        return self.do(f"scopy {_quoted(source)} {_quoted(target)}")

    def delete(self, path: str) -> str:
        """Opened to be deleted when it is closed."""
        return self.do(f"del {_quoted(path)}")

    def make_folder(self, path: str) -> str:
        return self.do(f"mkdir {_quoted(path)}")

    def listed(self, path: str) -> str:
        assert self._client.stdin is not None
        done = subprocess.run(
            [*self._words, "-c", f"ls {_quoted(path)}"], capture_output=True, text=True, timeout=60, check=False
        )
        return done.stdout + done.stderr

    @contextmanager
    def writing(self, path: str, pipe: Path) -> Iterator[int]:
        """Has the file at `path` open for writing; what is written to the descriptor goes there bit by bit."""
        os.mkfifo(pipe)
        words = [*self._words, "-c", f'put "{pipe}" {_quoted(path)}', "-b", "1000"]
        client = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        descriptor = os.open(pipe, os.O_WRONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
            client.wait(60)
            pipe.unlink()

    def leave(self) -> None:
        assert self._client.stdin is not None and self._client.stdout is not None
        self._client.stdin.close()
        self._client.wait(30)
        self._client.stdout.close()


def _quoted(path: str) -> str:
    return '"' + path.replace("/", "\\") + '"'
