"""Single calls to Box: sent once, counted, paced, and repeated only where a repetition can do no harm.

Box may have carried out a call that it answers with 5xx, or whose answer is lost. Whoever makes a call says whether
it may be repeated all the same (`harmless`); else `Uncertain` is raised and the caller looks what has happened.
"""

from __future__ import annotations

import io
import logging
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import requests

from syncd.clock import Clock
from syncd.clouds.box import connection
from syncd.clouds.box.pace import Pace
from syncd.config import BoxCloud
from syncd.errors import SyncdError, Unreachable

if TYPE_CHECKING:
    from box_sdk_gen import BoxClient
    from box_sdk_gen.networking.fetch_response import FetchResponse

LOG = logging.getLogger("syncd")
Kind = Literal["token", "events", "list", "item", "download", "upload", "move", "delete", "folder", "other"]
PAUSES: Final = (0.2, 1.0, 3.0, 9.0)
"""Seconds between the attempts of one call; then the side counts as unreachable, and the round is tried again later."""
LONGEST_REST: Final = 45.0
"""A longer pause that Box asks for isn't waited for within a round."""
LONGEST_WORD: Final = 3600.0
"""The longest pause that is believed."""
TEMPORARY: Final = frozenset({"operation_blocked_temporary", "name_temporarily_reserved", "bad_digest"})
"""Refusals after which the same call may go through: nothing has happened."""
PUTTING_TOGETHER: Final = "parts_mismatch"
"""What Box says of parts that it has, but hasn't counted yet; rclone waits for it, too (its issues #97 and #2054)."""
SLOW_SECONDS: Final = 120.0
"""How long a call that Box needs its time for is repeated before a later round goes on with it."""
SLOWEST_PAUSE: Final = 10.0
BARRED: Final = frozenset({"access_denied_ip_address", "access_from_location_blocked", "ip_address_not_allowed"})
"""The no of the enterprise's list of addresses: of everything, whatever was asked for."""


class Refused(SyncdError):
    """Box said no.

    Attributes:
        status: of HTTP. `code`: Box's own word, e.g. `item_name_in_use`.
        conflicts: the items that are in the way (of a 409).
    """

    def __init__(
        self, what: str, status: int, code: str, message: str, conflicts: tuple[Mapping[str, Any], ...]
    ) -> None:
        super().__init__(f"Box: {what}: {message or 'refused'} ({status} {code})".replace("( ", "("))
        self.status = status
        self.code = code
        self.conflicts = conflicts


class Exhausted(Unreachable):
    """A call was answered by nothing good however often it was made: Box is away, or only this item is ill.

    Attributes:
        status: of the last answer; 0: there was none. `code`: Box's own word.
        happened: the call may have taken effect all the same.
    """

    def __init__(self, message: str, remedy: str, status: int = 0, code: str = "", *, happened: bool = False) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.code = code
        self.happened = happened


class Paused(Unreachable):
    """Box asks to wait longer than a round can: the ward's calls of this minute are used up. It passes by itself.

    Attributes:
        seconds: how long.
    """

    alarming = False

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Box asks to wait {seconds:.0f} s, its limit of calls is reached", "syncd goes on by itself")
        self.seconds = seconds


class Uncertain(SyncdError):
    """The call may have taken effect; only a look can tell."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        kind: what it is counted as.
        what: what it does, for error messages.
        harmless: it may be repeated when nobody knows whether it took effect.
        slow: Box may need minutes for it (202, `parts_mismatch`), which are waited for.
        expects: a key that the answer's body must have; without it the answer counts as lost.
        body: JSON; `content` with `attributes` makes it a form of Box's upload kind; `part` a piece of a big file.
    """

    kind: Kind
    what: str
    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    attributes: Mapping[str, Any] | None = None
    content: io.BufferedIOBase | None = None
    part: bytes | None = None
    harmless: bool = True
    slow: bool = False
    expects: str = ""

    @property
    def changes(self) -> bool:
        """Whether others, and syncd's own stream of events, may hear of it."""
        return self.kind in ("upload", "move", "delete", "folder")

    def answered_by(self, answer: Answer) -> bool:
        """Whether that is an answer to this call; something on the way may have made one up."""
        return answer.status == 204 if self.method == "DELETE" else not self.expects or self.expects in answer.body


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is {} where there is none."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def good(self) -> bool:
        """What was asked for is there, or is done."""
        return 200 <= self.status < 400 and self.status != 202

    @property
    def passing(self) -> bool:
        """What is wrong may be right in a moment."""
        return self.status in (202, 429) or self.status >= 500 or self.body.get("code") in TEMPORARY


@dataclass(frozen=True, slots=True)
class _Attempt:
    """`sent`: the call itself went out, with that token; `trouble`: why there is no answer."""

    answer: Answer | None
    trouble: str
    sent: bool
    token: str


class Slow:
    """How long Box is waited for while it puts an upload together."""

    def __init__(self) -> None:
        self._waited = 0.0
        self._next = 1.0

    def pause(self, answer: Answer, now: float) -> float | None:
        """Seconds to wait before the same call again; None: that isn't what the answer says, or it was long enough."""
        if answer.status != 202 and answer.body.get("code") != PUTTING_TOGETHER:
            return None
        asked = retry_after(answer.headers, now)
        pause = min(self._next if asked is None else max(asked, 0.2), SLOWEST_PAUSE)
        self._next, self._waited = self._next * 1.5, self._waited + pause
        return pause if self._waited <= SLOW_SECONDS else None


class Calls:
    """All calls of one process.

    Args:
        session: for tests; else one is opened.
        patient: False asks a second time only; for commands at which a person waits.
    """

    def __init__(
        self, settings: BoxCloud, clock: Clock, session: requests.Session | None = None, *, patient: bool = True
    ) -> None:
        self.settings = settings
        self.session = session or connection.open_session(settings)
        self.stopped = threading.Event()
        self._pauses = PAUSES if patient else PAUSES[:1]
        self._brief = threading.local()
        self.pace = Pace(clock.monotonic)
        self._clock = clock
        self._client: BoxClient | None = None
        self._token: connection.SharedToken | None = None
        self._opening = threading.Lock()
        self._counting = threading.Lock()
        self._counted: dict[str, int] = {}
        self.changes = 0
        """How many calls that change something were begun or ended; another number: syncd itself has done something."""
        self.wait: Callable[[float], object] = self.stopped.wait
        """How seconds are waited; ends early when work is to stop."""

    @property
    def pauses(self) -> tuple[float, ...]:
        """Seconds between the attempts of one call."""
        return () if getattr(self._brief, "once", False) else self._pauses

    @contextmanager
    def once(self, brief: bool) -> Iterator[None]:
        """With `brief`, whatever this thread asks inside is asked once: it was tried long enough before."""
        before = getattr(self._brief, "once", False)
        self._brief.once = brief
        try:
            yield
        finally:
            self._brief.once = before

    # ── addresses ──

    def at(self, path: str) -> str:
        """The URL of a path of the API, such as `/files/1`."""
        return f"{self.settings.base_urls.base}/2.0{path}"

    def at_upload(self, path: str) -> str:
        """The same on the host that takes uploads."""
        return f"{self.settings.base_urls.upload}/2.0{path}"

    # ── counting ──

    def take_counted(self) -> dict[str, int]:
        """The calls since this was last asked, by kind."""
        with self._counting:
            counted, self._counted = self._counted, {}
            return counted

    def _count(self, kind: str) -> None:
        with self._counting:
            self._counted[kind] = self._counted.get(kind, 0) + 1

    # ── calling ──

    def send(self, call: Call) -> Answer:
        """Makes a call.

        Raises:
            Refused: Box's no, for good.
            Uncertain: it may or may not have happened, and may not be repeated.
            Unreachable: Box can't be reached, or asks to wait longer than a round can (`Paused`).
        """
        if not call.changes:
            return self._sent(call)
        self._note_change()
        try:
            return self._sent(call)
        finally:
            self._note_change()

    def _note_change(self) -> None:
        with self._counting:
            self.changes += 1

    def _sent(self, call: Call) -> Answer:
        renewed = attempts = 0
        slow = Slow() if call.slow else None
        while True:
            attempt = self._try(call)
            answer, trouble = attempt.answer, attempt.trouble
            if answer is not None and answer.good:
                if call.answered_by(answer):
                    return answer
                trouble = "an answer that makes no sense"
            elif answer is not None and answer.status == 401:
                if renewed == 2:
                    raise _locked_out(answer)
                renewed += 1
                self._renew(attempt.token)
                continue
            elif (
                answer is not None and slow is not None and (pause := slow.pause(answer, self._clock.now())) is not None
            ):
                self._wait(pause)
                continue
            elif answer is not None and answer.body.get("code") in BARRED:
                raise _barred(call, answer)
            elif answer is not None and not answer.passing:
                raise _refusal(call, answer)
            happened = attempt.sent and (trouble != "" or (answer is not None and answer.status >= 500))
            said = trouble or _message(answer)
            if happened and not call.harmless:
                raise Uncertain(f"Box: {call.what}: {said}", "syncd looks what has happened")
            if attempts == len(self.pauses):
                raise _exhausted(call, answer, said, happened)
            self._pause(call, answer, attempts)
            attempts += 1

    def _pause(self, call: Call, answer: Answer | None, attempt: int) -> None:
        asked = retry_after(answer.headers, self._clock.now()) if answer is not None else None
        pause = self.pauses[attempt] * random.uniform(0.75, 1.25) if asked is None else asked
        if answer is not None and answer.status == 429:
            self.pace.rest(pause)
        if pause > LONGEST_REST:
            raise Paused(pause)
        LOG.debug("Box: %s: waits %.1f s", call.what, pause)
        self._wait(pause)

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.wait(seconds)
        if self.stopped.is_set():
            raise Unreachable("Box: syncd is stopping", "what is under way goes on after the next start")

    def _try(self, call: Call) -> _Attempt:
        """One attempt; where an answer is lost, nobody knows what has happened."""
        if self.pace.resting > LONGEST_REST:
            raise Paused(self.pace.resting)
        self._wait(self.pace.take(call.kind == "upload"))
        from box_sdk_gen.box.errors import BoxAPIError, BoxSDKError

        sent, used = False, ""
        try:
            client, token = self._opened()
            used = token.current(client.network_session)
            sent = True
            self._count(call.kind)
            found = client.make_request(self._options(call))
        except BoxAPIError as error:
            response = error.response_info
            body = response.body if isinstance(response.body, dict) else {}
            answer = Answer(response.status_code, _folded(response.headers), body)
            if not sent and not answer.passing:
                raise _locked_out(answer) from None  # its request holds the secret
            return _Attempt(answer, "", sent, used)
        except BoxSDKError as error:
            return _Attempt(None, _why(error.error or error), sent, used)
        except (requests.RequestException, OSError) as error:
            return _Attempt(None, _why(error), sent, used)
        return _Attempt(_answer(found), "", sent, used)

    def _options(self, call: Call) -> Any:
        from box_sdk_gen.networking.fetch_options import FetchOptions, MultipartItem

        parts = None
        kind = "application/json"
        if call.content is not None:
            call.content.seek(0)
            kind = "multipart/form-data"
            name = (call.attributes or {}).get("name", "content")
            parts = [
                MultipartItem("attributes", data=dict(call.attributes or {})),
                MultipartItem("file", file_stream=call.content, file_name=str(name)),
            ]
        elif call.part is not None:
            kind = "application/octet-stream"
        return FetchOptions(
            url=call.url,
            method=call.method,
            params=dict(call.query),
            headers=dict(call.headers),
            data=dict(call.body) if call.body is not None else None,
            file_stream=io.BytesIO(call.part) if call.part is not None else None,
            multipart_data=parts,
            content_type=kind,
            follow_redirects=False,
        )

    # ── token ──

    def _opened(self) -> tuple[BoxClient, connection.SharedToken]:
        with self._opening:
            if self._client is None or self._token is None:
                self._client, self._token = connection.client(self.settings, self.session, self._clock.now)
                self._token.counted = lambda: self._count("token")
            return self._client, self._token

    def _renew(self, refused: str) -> None:
        self._opened()[1].renew(refused)

    def close(self) -> None:
        """Whoever waits, or wants to call, is told that work stops."""
        self.stopped.set()
        self.session.close()


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that a `Retry-After` asks for, as a number or as a date; None for none, or nonsense."""
    written = headers.get("retry-after", "").strip()
    try:
        seconds = float(written)
    except ValueError:
        try:
            moment = parsedate_to_datetime(written)
        except (TypeError, ValueError):
            return None
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now
    return min(max(seconds, 0.0), LONGEST_WORD) if seconds == seconds else None


def parse_time(text: object) -> float:
    """Seconds since the epoch of one of Box's times; 0 for none."""
    try:
        return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else 0.0
    except ValueError:
        return 0.0


def _refusal(call: Call, answer: Answer) -> Refused:
    context = answer.body.get("context_info")
    found = context.get("conflicts") if isinstance(context, dict) else None
    several = found if isinstance(found, list) else [found]
    conflicts = tuple(one for one in several if isinstance(one, dict))
    code = answer.body.get("code")
    return Refused(call.what, answer.status, str(code or ""), _message(answer), conflicts)


def _exhausted(call: Call, answer: Answer | None, said: str, happened: bool) -> Unreachable:
    what = f"Box: {call.what}: {said}"
    if answer is not None and answer.status == 429:
        return Unreachable(what, "syncd tries again by itself")
    status, code = (0, "") if answer is None else (answer.status, str(answer.body.get("code") or ""))
    changes = call.method != "GET" and happened
    return Exhausted(what, "syncd tries again; see that Box can be reached", status, code, happened=changes)


def _barred(call: Call, answer: Answer) -> Unreachable:
    return Unreachable(
        f"Box: {call.what}: the address of this network may not use Box ({_message(answer)})",
        "have the address by which syncd goes out entered in Box's list of allowed addresses (Admin Console)",
    )


def _locked_out(answer: Answer) -> Unreachable:
    return Unreachable(
        f"Box doesn't let syncd in: {_message(answer)}",
        "see that the app is authorised in Box and cloud.auth is right; `syncd doctor` says more",
    )


def _message(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    said = answer.body.get("message") or answer.body.get("error_description") or answer.body.get("error")
    return " ".join(str(said or f"HTTP {answer.status}").split())[:200]


def _answer(found: FetchResponse) -> Answer:
    body = found.data if isinstance(found.data, dict) else {}
    return Answer(found.status, _folded(found.headers), body)


def _folded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.casefold(): value for name, value in headers.items()}


def _why(error: BaseException) -> str:
    """A network error in words, without the address (it may hold a token). Raises Unreachable where it is for good."""
    if isinstance(error, requests.exceptions.InvalidURL):
        raise Unreachable(f"Box: {error}", "add the host to cloud.hosts, if it is one of Box's") from None
    reason = getattr(error, "reason", None) or (error.args[0] if error.args else error)
    reason = getattr(reason, "reason", reason)
    return f"{type(error).__name__}: {str(reason).split('url:')[0][:160]}"
