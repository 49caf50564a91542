"""Looks whether all is in place in Box: the way there, the way in, who syncd is, what it may do. Changes nothing.

Every call is made once, over the session that syncd works with, so that proxy, authorities and hosts count as they do
for the daemon. `trouble` has the words for what fails, `examine_folders` looks at the folders and who may see them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from syncd.calls_forecast import spent
from syncd.clock import Clock
from syncd.clouds.box import invitations, transfer
from syncd.clouds.box.calls import Answer, Call, Calls, Refused
from syncd.clouds.box.connection import open_session
from syncd.clouds.box.trouble import of_the_way, of_the_way_in
from syncd.config import BoxCloud
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.errors import SyncdError, Unreachable
from syncd.patience import TooSlow, within

SECONDS: Final = 10.0
SKEW, MOST_SKEW = 30.0, 300.0
"""Seconds that the clock may differ from Box's: beyond the second its tokens are refused."""
NEARLY: Final = 0.95
LITTLE: Final = 1_000_000_000
USER: Final = "login,name,status,enterprise,space_amount,space_used,max_upload_size,timezone"


class Once(Calls):
    """Calls that are made a single time, and not waited for long; remembers what Box said about the way in.

    Attributes:
        way_in: the last answer to the request for a token: status and body.
        ahead: by how many seconds this computer's clock is ahead of Box's; None: not told yet.
    """

    def __init__(self, settings: BoxCloud, clock: Clock) -> None:
        super().__init__(settings, clock, open_session(settings))
        self.way_in: tuple[int, Mapping[str, Any]] = (0, {})
        self.ahead: float | None = None
        self.session.hooks["response"].append(self._see)
        self._now = clock.now

    def _see(self, response: requests.Response, **_: Any) -> None:
        moment = _date(response.headers.get("Date", ""))
        if moment is not None:
            # Box tells whole seconds, and its answer took its time: half of both is the best guess.
            took = response.elapsed.total_seconds()
            self.ahead = self._now() - took / 2 - (moment + 0.5)
        if urlsplit(response.url).path.endswith("/oauth2/token"):
            try:
                body = response.json()
            except ValueError:
                body = {}
            self.way_in = response.status_code, body if isinstance(body, dict) else {}

    def send(self, call: Call) -> Answer:
        """See `Calls.send`. Raises Refused, Unreachable."""
        try:
            attempt = within(SECONDS, lambda: self._try(call))
        except TooSlow as error:
            raise Unreachable(f"Box: {call.what}: {error.message}", error.remedy) from error
        answer = attempt.answer
        if answer is None:
            raise Unreachable(f"Box: {call.what}: {attempt.trouble}", "see that Box can be reached, then try again")
        if answer.good and (not call.expects or call.expects in answer.body):
            return answer
        said = str(answer.body.get("message") or answer.body.get("error_description") or "")
        if answer.good:
            raise Unreachable(f"Box: {call.what}: an answer without {call.expects}", "see what stands between")
        raise Refused(call.what, answer.status, str(answer.body.get("code") or ""), " ".join(said.split())[:200], ())

    def get(self, what: str, path: str, expects: str = "", **query: str) -> Mapping[str, Any]:
        """The answer's body. Raises Refused, Unreachable."""
        kind: Any = "events" if path == "/events" else "list" if path.endswith("/items") else "other"
        return self.send(Call(kind, what, "GET", self.at(path), query, expects=expects)).body


class BoxExamination:
    """Box, as far as it can be looked at without changing it.

    Raises:
        Unreachable: a certificate file that config.yaml names can't be used.
    """

    def __init__(self, settings: BoxCloud, clock: Clock) -> None:
        self.settings = settings
        self.calls = Once(settings, clock)
        self.me: Mapping[str, Any] = {}
        """The user that syncd is; {}: it isn't in."""

    # ── the way there ──

    def hosts(self) -> Iterator[Diagnosis]:
        """The hosts of API and uploads, through the proxy if there is one. Stops at one that can't be reached."""
        for name, url in (("api", self.calls.at("/users/me")), ("upload", self.calls.at_upload("/files/content"))):
            yield self.host(name, url)

    def host(self, name: str, url: str) -> Diagnosis:
        """One host: any answer is a good one."""
        check, host = f"host {name}", urlsplit(url).netloc.rpartition("@")[2]
        try:
            spoken = within(SECONDS, lambda: self._knock(url))
        except TooSlow:
            error: Exception = requests.Timeout()
        except (requests.RequestException, OSError) as caught:
            error = caught
        else:
            proxy = urlsplit(self.settings.proxy or "")
            by = f" by way of {proxy.hostname}:{proxy.port or 80}" if proxy.hostname else ""
            own = ", verified by cloud.ca_file" if self.settings.ca_file else ", certificate verified"
            said = f"{spoken}{own}" if spoken else "without TLS, within this computer"
            return ok("cloud", check, f"{host} answers{by}: {said}")
        return fault("cloud", check, *of_the_way(error, host, self.settings))

    def _knock(self, url: str) -> str:
        """Which TLS a host speaks; '' for none. No token goes there."""
        patience = (SECONDS, SECONDS)
        with self.calls.session.get(url, stream=True, allow_redirects=False, timeout=patience) as response:
            connection = getattr(response.raw, "connection", None)
            version = getattr(getattr(connection, "sock", None), "version", None)
            if urlsplit(url).scheme != "https":
                return ""
            return str(version() or "TLS") if version is not None else "TLS"

    # ── the way in ──

    def way_in(self) -> Diagnosis:
        """Fetches a token and asks who syncd is; `me` is known then."""
        try:
            self.me = self.calls.get("asks who syncd is", "/users/me", "id", fields=USER)
        except Refused as refused:
            return fault("cloud", "way in", refused.message, "see cloud.auth, and that the app is authorised in Box")
        except SyncdError as error:
            status, body = self.calls.way_in
            if status >= 400:
                code, said = (str(body.get(key) or "") for key in ("error", "error_description"))
                return fault("cloud", "way in", *of_the_way_in(status, code, said, self.settings))
            return fault("cloud", "way in", error.message, error.remedy)
        limited = self.calls.way_in[1].get("restricted_to")
        if isinstance(limited, list) and limited:
            scopes = sorted({str(each.get("scope")) for each in limited if isinstance(each, dict)})
            return ok("cloud", "way in", f"Box lets syncd in; its token is limited to {', '.join(scopes)}")
        return ok("cloud", "way in", "Box lets syncd in")

    def account(self) -> Iterator[Diagnosis]:
        """Who syncd is there, and how much room that user has."""
        me, enterprise = self.me, self.me.get("enterprise")
        named = (
            f"{enterprise.get('name')} ({enterprise.get('id')})" if isinstance(enterprise, dict) else "no enterprise"
        )
        said = f"syncd is {self.login} of {named}, {me.get('status')}, files up to {_bytes(me.get('max_upload_size'))}"
        if me.get("status") == "active":
            yield ok("cloud", "account", said)
        else:
            yield fault("cloud", "account", said, "make that user active in Box's admin console")
        used, amount = _number(me.get("space_used")), _number(me.get("space_amount"))
        room = f"{_bytes(used)} of {_bytes(amount)} used in folders that are its own"
        if amount > 0 and (used > amount * NEARLY or amount - used < LITTLE):
            yield warning("cloud", "space", room, "give that user more space in Box's admin console")
        elif amount > 0:
            yield ok("cloud", "space", room)
        yield ok("cloud", "storage", self._zone())

    def _zone(self) -> str:
        """Where Box keeps what syncd owns. Only enterprises with several zones have it told."""
        query = {"resolved_for_type": "user", "resolved_for_id": str(self.me.get("id"))}
        try:
            found = self.calls.get("asks for its storage zone", "/storage_policy_assignments", "entries", **query)
            policy = found["entries"][0]["storage_policy"]["id"]
            zone = self.calls.get("asks for its storage zone", f"/storage_policies/{policy}", "name")
        except (SyncdError, LookupError, TypeError):
            return "where the bytes are kept is not reported by Box"
        return f"Box keeps what syncd owns in {zone['name']}"

    @property
    def login(self) -> str:
        """How people know syncd's user."""
        return str(self.me.get("login") or self.me.get("name") or self.me.get("id") or "")

    # ── what it may do ──

    def rights(self) -> Iterator[Diagnosis]:
        """More than it needs, as far as that can be tell-tale: a leaked secret then opens more than it must."""
        more = []
        if self._may("asks for users", "/users", fields="id", limit="1"):
            more.append("see all users of the enterprise (scope: manage users)")
        stream = {"stream_type": "admin_logs_streaming", "stream_position": "now", "limit": "1"}
        if self._may("asks for the enterprise's log", "/events", **stream):
            more.append("see what everybody does (scope: manage enterprise properties)")
        if more:
            remedy = "take these scopes from the app in Box's developer console, and authorise it anew"
            yield warning("cloud", "scopes", f"syncd may {' and '.join(more)}, and needs neither", remedy)
        else:
            yield ok("cloud", "scopes", "syncd may see neither all users nor the enterprise's log, as it should be")

    def invitations(self) -> Iterator[Diagnosis]:
        """What was shared with syncd's user and isn't accepted: nobody would find out why it isn't there."""
        found = invitations.waiting(self.calls)
        if found:
            said = f"{len(found)} invitation{'s' * (len(found) > 1)} to {self.login} not accepted: {', '.join(found)}"
            yield fault("cloud", "invitations", said, invitations.REMEDY)

    def _may(self, what: str, path: str, **query: str) -> bool:
        try:
            self.calls.get(what, path, "entries", **query)
        except SyncdError:
            return False
        return True

    # ── events ──

    def events(self) -> Iterator[Diagnosis]:
        """The stream, and where its news can be waited for."""
        query = {"stream_type": "changes", "stream_position": "now", "limit": "1"}
        try:
            self.calls.get("asks what is new", "/events", "next_stream_position", **query)
        except SyncdError as error:
            remedy = "the app needs the scope to read all files and folders; authorise it anew after a change"
            yield fault("cloud", "events", error.message, remedy)
            return
        yield ok("cloud", "events", "Box tells what is new")
        if not self.settings.long_poll:
            said = f"cloud.long_poll is off: Box is asked every {self.settings.poll_seconds:g} s, each time for a call"
            yield ok("cloud", "long poll", said)
            return
        yield self._long_poll()

    def _long_poll(self) -> Diagnosis:
        remedy = f"or set cloud.long_poll: false; Box is then asked every {self.settings.poll_seconds:g} s"
        call = Call("events", "asks where events are told", "OPTIONS", self.calls.at("/events"), expects="entries")
        try:
            entries = self.calls.send(call).body["entries"]
        except SyncdError as error:
            return warning("cloud", "long poll", error.message, remedy.removeprefix("or "))
        urls = [str(each["url"]) for each in entries if isinstance(each, dict) and each.get("url")]
        if not urls:
            return warning("cloud", "long poll", "Box names no place where events are told", remedy.removeprefix("or "))
        parts = urlsplit(urls[0])  # what follows the host is a secret
        found = self.host("long poll", f"{parts.scheme}://{parts.netloc}/")
        if found.state != "ok":
            return warning("cloud", "long poll", found.detail, f"{found.remedy}, {remedy}")
        return ok("cloud", "long poll", found.detail)

    # ── clock and calls ──

    def clock(self) -> Iterator[Diagnosis]:
        """This computer's clock against Box's."""
        if self.calls.ahead is None:
            return
        apart = self.calls.ahead
        said = f"{abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} Box's clock"
        remedy = "set this computer's clock, and let it keep its time by NTP"
        if abs(apart) > MOST_SKEW:
            yield fault("clock", "Box", f"{said}: it refuses syncd's way in", remedy)
        elif abs(apart) > SKEW:
            yield warning("clock", "Box", said, remedy)
        else:
            yield ok("clock", "Box", "this computer goes by Box's time")

    def marker(self, item: Mapping[str, Any]) -> str:
        """The bytes of a small file, as text: they come from Box's content host. Raises SyncdError."""
        sink = io.BytesIO()
        size = _number(item.get("size"))
        within(SECONDS, lambda: transfer.download(self.calls, str(item["id"]), str(item["name"]), size, sink))
        return sink.getvalue().decode("utf-8", "replace")

    def close(self) -> None:
        self.calls.close()


def quota(settings: BoxCloud, calls: Mapping[str, Mapping[str, int]], today: datetime) -> Diagnosis:
    """The calls that were counted, against what the enterprise has a month."""
    found = spent(calls, today.date())
    month, most = sum(found.month.values()), settings.monthly_calls
    said = (
        f"{sum(found.today.values())} today, {month} this month, {found.forecast} expected; "
        f"cloud.monthly_calls is {most}"
    )
    if month >= most:
        return fault("cloud", "calls", said, "Box may refuse all calls: ask it for more, or see what else calls it")
    if found.forecast > most:
        return warning("cloud", "calls", said, "ask Box for more, or set cloud.poll_seconds higher")
    return ok("cloud", "calls", said)


def _date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _bytes(value: object) -> str:
    amount = float(_number(value))
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
