"""The chat rooms: whether each can be told something. Sends nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from syncd.config import Config
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.examination.access import account, may_write_to
from syncd.examination.knowledge import Known
from syncd.notices.examine import Address, understood

SECONDS: Final = 5.0
NAMED: Final = 5


def chat(config: Config, known: Known) -> Iterator[Diagnosis]:
    """Rooms without an address, addresses that lead nowhere, and what failed so far."""
    rooms = _rooms(config)
    yield from _empty(config)
    by_url: dict[str, list[str]] = {}
    for room, urls in rooms.items():
        for url in urls:
            by_url.setdefault(url, []).append(room)
    addresses = {url: understood(url) for url in by_url}
    trouble = _unreachable({each for each in addresses.values() if each.host and not each.refused})
    good: dict[str, int] = {}
    for url, named in by_url.items():
        found = _address(addresses[url], _some(named), trouble)
        if found.state == "ok":
            good[found.detail] = good.get(found.detail, 0) + len(named)
        else:
            yield found
    for said, count in good.items():
        yield ok("chat", "addresses", f"{said}, for {count} {'room' if count == 1 else 'rooms'}")
    if known.notices_failed:
        said = f"{known.notices_failed} notices could not be sent"
        yield warning("chat", "notices", said, "`syncd notices` says why; once that is mended `syncd notices retry`")


def _rooms(config: Config) -> Mapping[str, tuple[str, ...]]:
    rooms = {"staff": config.chat.staff, "administrators": config.chat.administrators}
    for operator in config.operators:
        rooms[operator.id] = operator.chat
        rooms[f"staff of {operator.id}"] = operator.staff_chat
    return rooms


def _empty(config: Config) -> Iterator[Diagnosis]:
    deaf = [operator.id for operator in config.operators if not operator.chat]
    if deaf:
        yield warning(
            "chat", "rooms", f"no address, so nobody is told: {_some(deaf)}", "give them `chat:` in config.yaml"
        )
    if not config.chat.staff and not all(operator.staff_chat for operator in config.operators):
        yield warning("chat", "rooms", "staff have no address, so they are told nothing", "set chat.staff")
    if not config.chat.administrators:
        said = "administrators have no address: holds, bad rules and a lost share are told to nobody"
        yield warning("chat", "rooms", said, "set chat.administrators")


def _some(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _address(address: Address, rooms: str, trouble: Mapping[Address, str]) -> Diagnosis:
    if not address.service:
        return fault(
            "chat", "addresses", f"{rooms}: {address.refused}", "see https://appriseit.com for how it is written"
        )
    if address.refused:
        what, _, remedy = address.refused.partition(" — ")
        return fault("chat", "addresses", f"{rooms}: {address.service}: {what}", remedy)
    if address.folder is not None:
        return _spool(address.folder, rooms)
    if not address.host:
        return ok("chat", "addresses", f"{address.service}: understood")
    place = f"{address.service} ({address.host}:{address.port})"
    if address in trouble:
        remedy = "see that the name is right, and that this computer (or its proxy) may connect there"
        return fault("chat", "addresses", f"{rooms}: {place} {trouble[address]}", remedy)
    return ok("chat", "addresses", f"{place}: understood and reachable")


def _spool(folder: Path, rooms: str) -> Diagnosis:
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if nearest.is_dir() and may_write_to(nearest):
        return ok("chat", "addresses", "spool: folders can be written")
    why = f"can't be written by {account()}" if nearest.is_dir() else "is no folder"
    return fault("chat", "addresses", f"{rooms}: {nearest} {why}", "let it write there, or name another folder")


def _unreachable(addresses: Set[Address]) -> Mapping[Address, str]:
    """What is wrong with those that can't be reached; all are asked at the same time."""
    answers = {address: _Answer(address) for address in addresses}
    end = time.monotonic() + SECONDS + 1
    for answer in answers.values():
        answer.thread.join(max(0.0, end - time.monotonic()))  # looking up a name has no time-out of its own
    return {address: answer.trouble for address, answer in answers.items() if answer.trouble}


class _Answer:
    """One connection that is tried in a thread of its own."""

    def __init__(self, address: Address) -> None:
        self.trouble = f"doesn't answer within {SECONDS:g} s"
        self._address = address
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self.trouble = _connect(self._address)


def _connect(address: Address) -> str:
    """Opens a connection and closes it again, by way of the environment's proxy where that would be taken."""
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(address.url, get_environ_proxies(address.url))
    host, port, by = address.host, address.port, ""
    if proxy:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host, port, by = parts.hostname or "", parts.port or 80, " by way of the environment's proxy"
    try:
        socket.create_connection((host, port), timeout=SECONDS).close()
    except TimeoutError:
        return f"doesn't answer within {SECONDS:g} s{by}"
    except OSError as error:
        return f"can't be reached{by} ({error.strerror or type(error).__name__})"
    return ""
