"""The conversation with clamd: a file goes out in parts (INSTREAM), one line comes back.

Written here, because the clients on PyPI are no longer maintained, and wait for ever when clamd is stopped; the part of
the protocol that is needed is a page (clamd(8), "COMMANDS"). Every file has a connection of its own, so that no answer
can be taken for another's. Nothing is trusted that comes back: it is bounded in time and length, and what isn't
understood is a scanner that is away, never a clean file.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final, Literal

from syncd.config import Clamd
from syncd.errors import SyncdError
from syncd.patience import TooSlow, within

PART: Final = 1 << 17
ANSWER_MOST: Final = 4096
"""Bytes; a signature's name is far shorter."""
SHOWN_MOST: Final = 120

_CLEAN: Final = "stream: OK"
_TOO_BIG: Final = "INSTREAM size limit exceeded. ERROR"
_OWN_TROUBLE: Final = ("memory", "temporary", "open file", "create", "write", "map file", "read", "fstat", "seek")
"""Words of errors that are clamd's machine's and not the file's."""

Reason = Literal["", "too big", "encrypted", "limits", "error"]


class ScannerAway(SyncdError):
    """The scanner can't be asked just now: files have to wait."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner says of a file.

    Attributes:
        result: refused: it was not looked into whole, so that nobody knows.
        reason: why it was refused. too big: for the scanner; encrypted: the scanner sees only that it is; limits:
            deeper, longer or larger unpacked than the scanner looks; error: the scanner failed at this file.
        detail: the signature's name, or the scanner's own words; '' when clean.
    """

    result: Literal["clean", "infected", "refused"]
    reason: Reason = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Engine:
    """Which clamd answers.

    Attributes:
        name: such as `ClamAV 1.4.3`.
        database: the number of its daily signatures; '' when it has none.
        made_at: when those were made, in clamd's local time; None: it doesn't say.
    """

    name: str
    database: str = ""
    made_at: datetime | None = None


class _Broken(Exception):
    """clamd ended the conversation midway: it may just have been restarted."""


class _Rubbish(Exception):
    """An answer that clamd doesn't give; its first characters."""


class Scanner:
    """Asks one clamd. Usable from several threads.

    Args:
        clamd: where it is, and how long to wait for one answer in all.
    """

    def __init__(self, clamd: Clamd) -> None:
        self._clamd = clamd

    def scan(self, path: Path) -> Scan:
        """What clamd says of a file. Raises ScannerAway; OSError: the file can't be read."""
        with path.open("rb") as content:

            def parts() -> Iterator[bytes]:
                content.seek(0)
                return iter(lambda: content.read(PART), b"")

            return self.scan_parts(parts, os.fstat(content.fileno()).st_size)

    def scan_parts(self, parts: Callable[[], Iterable[bytes]], size: int) -> Scan:
        """The same of bytes in parts, `size` in all; asked for again if clamd hangs up once. Raises ScannerAway."""
        if size > self._clamd.most_bytes:
            return Scan("refused", "too big", f"{size} bytes, {self._clamd.most_bytes} at most (scanner.most_bytes)")
        for last in (False, True):
            try:
                return self._ask_about(parts)
            except _Broken:
                if last:
                    break
        if not self.takes(size):  # over TCP the reset that follows clamd's refusal can overtake it
            return Scan("refused", "too big", _TOO_BIG)
        raise self._away("closed the connection midway, twice", "see clamd's log, and whether it restarts")

    def takes(self, size: int) -> bool:
        """Whether clamd's StreamMaxLength allows that many bytes; none are sent. Raises ScannerAway."""
        try:
            with self._conversation("INSTREAM") as talk:
                if talk.send(size.to_bytes(4, "big")):
                    talk.finish_sending()
                return talk.answer() != _TOO_BIG
        except _Broken:  # it waited for the bytes
            return True

    def ping(self) -> None:
        """Raises ScannerAway unless clamd answers."""
        answer = self._one_line("PING")
        if answer != "PONG":
            raise self._not_clamd(answer)

    def version(self) -> Engine:
        """Which clamd it is and how old its signatures are. Raises ScannerAway."""
        answer = self._one_line("VERSION")
        name, _, rest = answer.partition("/")
        if not name.startswith("ClamAV "):
            raise self._not_clamd(answer)
        number, _, made = rest.partition("/")
        return Engine(name, number, _moment(made))

    def _one_line(self, command: str) -> str:
        try:
            with self._conversation(command) as talk:
                return talk.answer()
        except _Broken as error:
            raise self._away("closed the connection without an answer", "see clamd's log") from error

    def _ask_about(self, parts: Callable[[], Iterable[bytes]]) -> Scan:
        with self._conversation("INSTREAM") as talk:
            for chunk in chain((len(part).to_bytes(4, "big") + part for part in parts() if part), [bytes(4)]):
                if not talk.send(chunk):
                    return self._early(talk.answer())
            return self._verdict(talk.answer())

    def _early(self, answer: str) -> Scan:
        """Before it has all the bytes clamd can only refuse them."""
        if not answer.endswith(" ERROR"):
            raise _Rubbish(answer)
        return self._verdict(answer)

    def _verdict(self, answer: str) -> Scan:
        if answer == _CLEAN:
            return Scan("clean")
        if answer == _TOO_BIG:
            return Scan("refused", "too big", answer)
        said = answer.removeprefix("stream: ")
        if said == answer:
            raise _Rubbish(answer)
        if said.endswith(" FOUND") and (name := said.removesuffix(" FOUND").strip()):
            if name.startswith("Heuristics.Encrypted."):
                return Scan("refused", "encrypted", name)
            if name.startswith("Heuristics.Limits.Exceeded"):
                return Scan("refused", "limits", name)
            return Scan("infected", "", name[:SHOWN_MOST])
        if not said.endswith(" ERROR"):
            raise _Rubbish(answer)
        if any(word in said for word in _OWN_TROUBLE):
            raise self._away(
                f"reports trouble of its own: {said[:SHOWN_MOST]}", "see clamd's log, its memory and temporary folder"
            )
        return Scan("refused", "limits" if "limit" in said.casefold() else "error", said[:SHOWN_MOST])

    @contextmanager
    def _conversation(self, command: str) -> Iterator[_Talk]:
        """A connection on which a command was given; trouble with it becomes ScannerAway."""
        try:
            talk = _Talk(self._clamd)
        except (TimeoutError, TooSlow) as error:
            raise self._hangs() from error
        except OSError as error:
            raise self._away(f"can't be reached ({error.strerror or error})", _remedy(error)) from error
        try:
            talk.send(b"z%s\0" % command.encode())
            yield talk
        except TimeoutError as error:
            raise self._hangs() from error
        except _Rubbish as error:
            raise self._not_clamd(str(error)) from error
        finally:
            talk.close()

    def _away(self, what: str, remedy: str) -> ScannerAway:
        return ScannerAway(f"clamd at {self._clamd.place} {what}", remedy)

    def _hangs(self) -> ScannerAway:
        seconds = f"{self._clamd.timeout_seconds:g} s"
        return self._away(f"gave no answer within {seconds}", "see whether it is stopped or overloaded")

    def _not_clamd(self, answer: str) -> ScannerAway:
        what = f"gave an answer that can't be understood: {answer[:SHOWN_MOST]!r}"
        return self._away(what, "see that it is clamd that listens")


class _Talk:
    """One connection. Raises TimeoutError when all of it takes too long; _Broken when clamd hangs up."""

    def __init__(self, clamd: Clamd) -> None:
        self._end = time.monotonic() + clamd.timeout_seconds
        self._socket = self._connected(clamd)

    def _connected(self, clamd: Clamd) -> socket.socket:
        if isinstance(clamd.socket, Path):
            return self._connect(socket.AF_UNIX, os.fspath(clamd.socket))
        host, port = clamd.socket
        found = within(self._left(), lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        trouble: OSError | None = None
        for family, _, _, _, address in found:
            try:
                return self._connect(family, address)
            except OSError as error:
                trouble = error
        raise trouble or OSError(f"{host} has no address")

    def _connect(self, family: int, address: object) -> socket.socket:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(self._left())
            connection.connect(address)  # type: ignore[arg-type]  # as the family has them
        except BaseException:
            connection.close()
            raise
        return connection

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def send(self, content: bytes) -> bool:
        """Sends all of it; False: there is an answer already, or the end."""
        if self._is_answered():
            return False
        self._socket.settimeout(self._left())
        try:
            self._socket.sendall(content)
        except TimeoutError:
            raise
        except OSError as error:
            if self._is_answered():  # it refused and hung up; what it said is still there to read
                return False
            raise _Broken from error
        return True

    def finish_sending(self) -> None:
        """Says that nothing more comes."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise _Broken from error

    def _is_answered(self) -> bool:
        poll = select.poll()  # select() has no room for a daemon's many descriptors
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def answer(self) -> str:
        """The one line that comes back, as text that can be shown. Raises _Rubbish when there is more or none."""
        got = b""
        while b"\0" not in got:
            if len(got) > ANSWER_MOST:
                raise _Rubbish(_shown(got))
            self._socket.settimeout(self._left())
            try:
                more = self._socket.recv(ANSWER_MOST)
            except TimeoutError:
                raise
            except OSError as error:
                raise _Broken from error
            if not more:
                raise _Rubbish(_shown(got)) if got else _Broken
            got += more
        if got.index(b"\0") != len(got) - 1:
            raise _Rubbish(_shown(got))
        return _shown(got[:-1])

    def close(self) -> None:
        self._socket.close()


def _shown(answer: bytes) -> str:
    """As text that can be shown."""
    text = answer.decode("ascii", "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _moment(text: str) -> datetime | None:
    """`Tue Nov 18 08:00:00 2025`; syncd sets no locale, so these names are English everywhere."""
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y")
    except ValueError:
        return None


def _remedy(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "put syncd's user into the group of the socket, e.g. clamav"
    return "start it (systemctl start clamav-daemon), or correct scanner.socket in config.yaml"
