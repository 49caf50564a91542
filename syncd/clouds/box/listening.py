"""Waiting for news from Box: a long poll, or a question now and then; says whose folders to look at.

Owns when Box is asked. What is heard may be late or missing, so the stream is asked at the end of every long poll, too.
Needs no connection from outside: the long poll is an ordinary request that Box answers when something happens.
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
RETRY_SECONDS: Final = (1.0, 5.0, 15.0, 60.0, 300.0)
AT_ONCE: Final = 1.0
"""A long poll that ends sooner than this with nothing new isn't worth repeating at once."""


class Listener:
    """A thread that waits for news; fulfils `contract.Watch`.

    Args:
        catch_up: asks Box what is new; returns whether it was news (not only syncd's own doing).
        position: how far the stream was followed.
        poll_seconds: how often Box is asked where a long poll isn't possible.
    """

    mode: Literal["events", "poll"] = "poll"

    def __init__(
        self,
        calls: Calls,
        catch_up: Callable[[], bool],
        position: Callable[[], str | None],
        poll_seconds: float,
        long_poll: bool,
    ) -> None:
        self._calls = calls
        self._catch_up = catch_up
        self._position = position
        self._poll_seconds = poll_seconds
        self._long_poll = long_poll
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="box events", daemon=True)
        self._server: dict[str, Any] = {}
        self._polls_left = 0
        self._said = ""

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
        told = False
        while not self._ended.is_set():
            try:
                news = self._catch_up()
                own = own + 1 if told and not news else 0
                failures = 0
                told = self._wait_for_news()
            except SyncdError as error:
                self._say(str(error))
                self._server = {}
                self._ended.wait(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])
                failures += 1
            except Exception:
                LOG.exception("an unforeseen error while waiting for Box's events")
                self._ended.wait(RETRY_SECONDS[-1])
            else:
                if told:
                    self._ended.wait(GATHER_SECONDS[min(own, len(GATHER_SECONDS) - 1)])

    def _wait_for_news(self) -> bool:
        """Returns when it is time to ask: whether Box said that something is new. Raises SyncdError."""
        if not self._long_poll:
            self._ended.wait(self._poll_seconds)
            return False
        began = time.monotonic()
        if self._polls_left <= 0 or not self._server:
            self._find_server()
        self._polls_left -= 1
        try:
            message = self._poll()
        except requests.RequestException as error:
            self._server = {}
            self._say(
                f"Box's events can't be waited for ({type(error).__name__}); asks every {self._poll_seconds:.0f} s"
            )
            self._ended.wait(self._poll_seconds)
            return False
        self._said = ""
        if message != "new_change" and time.monotonic() - began < AT_ONCE:
            self._polls_left = 0
            self._ended.wait(RETRY_SECONDS[1])
        return message == "new_change"

    def _find_server(self) -> None:
        call = Call("events", "asks where events are told", "OPTIONS", self._calls.at("/events"), expects="entries")
        entries = self._calls.send(call).body["entries"]
        self._server = next((each for each in entries if isinstance(each, dict) and each.get("url")), {})
        if not self._server:
            raise SyncdError("Box names no place where events are told", "set cloud.long_poll: false")
        self._polls_left = max(1, _number(self._server.get("max_retries"), 10))

    def _poll(self) -> str:
        """Holds until Box says something. Its address is a secret of its own: the token doesn't go there."""
        patience = min(LONGEST_POLL, _number(self._server.get("retry_timeout"), int(LONGEST_POLL)))
        url = str(self._server["url"])
        url += ("&" if "?" in url else "?") + urlencode({"stream_position": self._position() or "now"})
        response = self._calls.session.get(url, allow_redirects=False, timeout=(CONNECT_SECONDS, patience + 15.0))
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
