"""Waiting for news from Box: a long poll, or a question now and then; says whose folders to look at.

Owns when Box is asked. A long poll only says that something is new, syncd's own doings included. Right after those
syncd doesn't ask but waits anew, from then on: its own are known, and come with the next question. What others did in
that very moment is heard of with it, too, after `OWN_SECONDS` at the latest. News may be missing, so the stream is
asked once an hour whatever the long poll says. Needs no connection from outside: the long poll is an ordinary request
that Box answers when something happens.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final, Literal
from urllib.parse import urlencode

import requests

from syncd.clouds.box.calls import Call, Calls
from syncd.clouds.box.connection import CONNECT_SECONDS
from syncd.errors import SyncdError

LOG = logging.getLogger("syncd")
LONGEST_POLL: Final = 610.0
"""Seconds for which Box holds a long poll at most."""
GATHER_SECONDS: Final = (0.3, 1.0, 2.0, 5.0, 15.0, 30.0)
"""How long news gather before they are asked for: longer while all of them turn out to be syncd's own doing."""
OWN_GATHER_SECONDS: Final = 0.1
OWN_SECONDS: Final = 10.0
"""How long the question is put off after syncd's own doings."""
FOLLOW_UP_SECONDS: Final = 1.0
"""… and after those that others' news led to: who drops a file often drops the next one at once."""
ASK_SECONDS: Final = 3600.0
"""How long the stream is left alone while the long poll says nothing."""
GRACE_SECONDS: Final = 15.0
RETRY_SECONDS: Final = (1.0, 5.0, 15.0, 60.0, 300.0)
NEW_CHANGE: Final = "new_change"
Heard = Literal["news", "own", "nothing", "time"]
"""What ended a wait: something new, something new right after syncd's own doings, nothing, or the time to ask anew."""
AT_ONCE: Final = 1.0
"""A long poll that ends sooner than this with nothing new isn't worth repeating at once."""


class Listener:
    """A thread that waits for news; fulfils `contract.Watch`.

    Args:
        catch_up: asks Box what is new; returns whether it was news (not only syncd's own doing).
        position: how far the stream was followed.
        own_doings: whether syncd itself has changed anything since it last asked.
        poll_seconds: how often Box is asked where a long poll isn't possible.
    """

    mode: Literal["events", "poll"] = "poll"

    def __init__(
        self,
        calls: Calls,
        catch_up: Callable[[], bool],
        position: Callable[[], str | None],
        own_doings: Callable[[], bool],
        poll_seconds: float,
        long_poll: bool,
    ) -> None:
        self._calls = calls
        self._catch_up = catch_up
        self._position = position
        self._own_doings = own_doings
        self._poll_seconds = poll_seconds
        self._long_poll = long_poll
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="box events", daemon=True)
        self._hears = False
        self._server: dict[str, Any] = {}
        self._server_until = 0.0
        self._said = ""

    def hears(self) -> bool:
        """Whether anything that others have done since the last question would be heard of just now."""
        return self._hears and not self._own_doings()

    def start(self) -> None:
        """See `contract.Watch.start`."""
        self._thread.start()

    def whole(self) -> bool:
        """See `contract.Watch.whole`."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """See `contract.Watch.stop`. A long poll under way is left to end by itself; nobody hears of it any more."""
        self._ended.set()

    def _run(self) -> None:
        failures = own = 0
        heard: Heard = "time"
        put_off = OWN_SECONDS
        asked_at = -ASK_SECONDS
        while not self._ended.is_set():
            try:
                if heard in ("news", "time") or time.monotonic() - asked_at >= ASK_SECONDS:
                    asked_at = time.monotonic()
                    news = self._catch_up()
                    own = own + 1 if heard == "news" and not news else 0
                    put_off = FOLLOW_UP_SECONDS if news else OWN_SECONDS
                failures = 0
                heard = self._wait_for_news(put_off if heard == "own" else 0.0)
            except SyncdError as error:
                self._say(str(error))
                self._server, heard = {}, "time"
                self._ended.wait(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                failures += 1
            except Exception:
                LOG.exception("an unforeseen error while waiting for Box's events")
                heard = "time"
                self._ended.wait(RETRY_SECONDS[-1])
            else:
                if heard == "news":
                    self._ended.wait(GATHER_SECONDS[min(own, len(GATHER_SECONDS) - 1)])
                elif heard == "own":
                    self._ended.wait(OWN_GATHER_SECONDS)

    def _wait_for_news(self, put_off: float) -> Heard:
        """Returns when something happened, or it is time to ask. Raises SyncdError.

        Args:
            put_off: for so many seconds the question after syncd's own doings is put off: waits for what is new from
                now on. 0: waits for what is new since the last question.
        """
        if not self._long_poll:
            self._ended.wait(self._poll_seconds)
            return "time"
        began = time.monotonic()
        if not self._server or began >= self._server_until:
            self._find_server()
        before = self._calls.changes
        self._hears = not put_off and not self._own_doings()
        try:
            message = self._poll("now" if put_off else self._position() or "now", put_off)
        except requests.RequestException as error:
            if put_off and isinstance(error, requests.Timeout):
                return "time" if self._own_doings() else "nothing"
            self._server = {}
            self._say(
                f"Box's events can't be waited for ({type(error).__name__}); asks every {self._poll_seconds:.0f} s"
            )
            self._ended.wait(self._poll_seconds)
            return "time"
        finally:
            self._hears = False
        self._said = ""
        if message == NEW_CHANGE:
            return "own" if self._own_doings() and (not put_off or self._calls.changes != before) else "news"
        self._server = {}  # `reconnect` ends the channel
        if time.monotonic() - began < AT_ONCE:
            self._ended.wait(RETRY_SECONDS[1])
        return "time" if put_off else "nothing"

    def _find_server(self) -> None:
        call = Call("events", "asks where events are told", "OPTIONS", self._calls.at("/events"), expects="entries")
        entries = self._calls.send(call).body["entries"]
        self._server = next((each for each in entries if isinstance(each, dict) and each.get("url")), {})
        if not self._server:
            raise SyncdError("Box names no place where events are told", "set cloud.long_poll: false")
        self._server_until = time.monotonic() + 60.0 * max(1, _number(self._server.get("ttl"), 10))

    def _poll(self, position: str, put_off: float) -> str:
        """Holds until Box says something. Its address is a secret of its own: the token doesn't go there."""
        held = min(LONGEST_POLL, _number(self._server.get("retry_timeout"), int(LONGEST_POLL)))
        url = str(self._server["url"])
        url += ("&" if "?" in url else "?") + urlencode({"stream_position": position})
        response = self._calls.session.get(
            url, allow_redirects=False, timeout=(CONNECT_SECONDS, put_off or held + GRACE_SECONDS)
        )
        if response.status_code != 200:
            raise requests.HTTPError(f"HTTP {response.status_code}")
        try:
            found = response.json()
        except ValueError as error:
            raise requests.HTTPError("no JSON") from error
        return str(found.get("message")) if isinstance(found, dict) else ""

    def _say(self, what: str) -> None:
        if self._said != what:
            self._said = what
            LOG.warning("cloud: %s", what)


def _number(value: object, otherwise: int) -> int:
    try:
        return int(float(str(value)))
    except ValueError:
        return otherwise
