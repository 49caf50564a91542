"""Reads config.yaml: every key, every fault at once, every warning. Knows no folder rule and no secret by itself."""

from __future__ import annotations

import os
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from syncd.config import folders, references
from syncd.config.box import BOX_KEYS, Box
from syncd.config.operators import Operators
from syncd.config.rooms import room_urls
from syncd.config.scanner import read_scanner
from syncd.config.settings import (
    BoxCloud,
    Chat,
    Cloud,
    Config,
    FolderCloud,
    Intranet,
    QuietHours,
    Reading,
    Retention,
    Watch,
)
from syncd.config.values import given, path_below, time_of_day
from syncd.errors import Misconfigured, Problem
from syncd.model import Stage
from syncd.yamltext import Node, Reader, collect_yaml, shown, suggestion

_WATCHES: Final[dict[str, Watch]] = {"auto": "auto", "events": "events", "poll": "poll"}
SUBFOLDER_PLACEHOLDERS: Final = ("fiscal_year", "period")


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration. `environment` defaults to the process's. Raises Misconfigured with all its faults."""
    reading = examine(path, environment)
    if reading.config is None:
        raise Misconfigured(reading.problems)
    return reading.config


def examine(path: Path, environment: Mapping[str, str] | None = None) -> Reading:
    """Like `load`, but hands problems and warnings back."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    config = None
    node = collect_yaml(path, problems)
    if node is not None:
        environment = os.environ if environment is None else environment
        node = references.resolve(node, environment, problems, warnings)
        config = _File(node, Path(os.path.abspath(path)), environment, problems, warnings).config()
    in_order = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return Reading(None if in_order else config, in_order, tuple(warnings))


class _File:
    """One config file being read; faults go to `problems`, and reading goes on with a harmless value."""

    def __init__(
        self,
        node: Node,
        file: Path,
        environment: Mapping[str, str],
        problems: list[Problem],
        warnings: list[Problem],
    ) -> None:
        self.file = file
        self.environment = environment
        self.problems = problems
        self.warnings = warnings
        self.top = Reader(node, problems)

    def config(self) -> Config:
        """The settings; right only when no problem was added."""
        top = self.top
        language = top.word("language", ("ja", "en"), "ja")
        cloud = self._cloud(top.group("cloud", required=True))
        box_root = cloud.root if isinstance(cloud, BoxCloud) else None
        config = Config(
            file=self.file,
            cloud=cloud,
            intranet=self._intranet(top.group("intranet", required=True)),
            state=self._path(top, "state"),
            rules=self._path(top, "rules"),
            language="en" if language == "en" else "ja",
            timezone=self._timezone(),
            stages=self._stages(top.group("stages")),
            confirmed_subfolder=self._confirmed_subfolder(),
            confirmed_rehash_days=top.number("confirmed_rehash_days", 7.0, least=0),
            pages=self.top.boolean("pages", True),
            chat=self._chat(top.group("chat")),
            retention=self._retention(top.group("retention")),
            scanner=read_scanner(top, self.file.parent),
            operators=Operators(top, self.file.parent, self.warnings, box_root).read(),
            warnings=tuple(self.warnings),
        )
        top.finish()
        self._keep_apart(config)
        return config

    def _cloud(self, reader: Reader) -> Cloud:
        kind = reader.word("kind", ("folder", "box")) if given(reader) else ""
        if kind == "box":
            return Box(reader, self.file.parent, self.environment, self.warnings).read()
        if not kind and reader.has("kind"):
            return FolderCloud(self.file.parent)  # of which kind the other keys should be, nobody knows
        root = self._path(reader, "root")
        if kind:
            for key in (key for key in reader.given() if key in BOX_KEYS):
                reader.know(key)
                reader.problem(f"cloud.{key} is only for kind: box", "remove it, or write kind: box", key)
            reader.finish()
        return FolderCloud(root)

    def _intranet(self, reader: Reader) -> Intranet:
        root = self._path(reader, "root")
        watch = _WATCHES.get(reader.word("watch", tuple(_WATCHES), "auto"), "auto")
        rescan = reader.number("rescan_seconds", 300.0, least=0.01)
        settle = reader.number("settle_seconds", 2.0, least=0)
        audit_log = self._path(reader, "audit_log") if reader.has("audit_log") else None
        reader.know("audit_log")
        reader.finish()
        return Intranet(root, watch, rescan, settle, audit_log)

    def _path(self, reader: Reader, key: str) -> Path:
        """An absolute path; after a fault the file's own folder."""
        return path_below(self.file.parent, reader, key) or self.file.parent

    def _timezone(self) -> str:
        name = self.top.text("timezone", "Asia/Tokyo")
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            node = self.top.node("timezone")
            written = node.raw if node else name
            known = zoneinfo.available_timezones()
            near = suggestion(written, known)
            remedy = near if near.startswith("did") else "write a name like Asia/Tokyo"
            self.top.problem(f"there is no time zone {shown(written)}", remedy, "timezone")
            return "Asia/Tokyo"
        return name

    def _stages(self, reader: Reader) -> Mapping[Stage, str]:
        named = {stage: reader.text(stage.value, stage.value) for stage in Stage}
        reader.finish()
        for stage, name in named.items():
            if fault := folders.fault_of_name(name):
                remedy = "take another name" if reader.has(stage.value) else ""
                reader.problem(f"stages.{stage} {fault}", remedy, stage.value)
        stages = list(named)
        for position, earlier in folders.repeated(named.values()).items():
            message = f"stages.{stages[position]} has the same name as stages.{stages[earlier]}"
            reader.problem(message, "every stage needs a folder of its own", stages[position].value)
        return MappingProxyType(named)

    def _confirmed_subfolder(self) -> str:
        template = self.top.text("confirmed_subfolder", "", empty=True)
        if fault := folders.fault_of_template(template, SUBFOLDER_PLACEHOLDERS):
            remedy = "write e.g. '{fiscal_year}/{period}', or leave it empty"
            self.top.problem(f"confirmed_subfolder {fault}", remedy, "confirmed_subfolder")
        return template

    def _chat(self, reader: Reader) -> Chat:
        chat = Chat(
            batch_seconds=reader.number("batch_seconds", 20.0, least=0),
            note_wait_seconds=reader.number("note_wait_seconds", 600.0, least=0),
            quiet_hours=self._quiet_hours(reader.group("quiet_hours")),
            staff=room_urls(reader, "staff", self.file.parent, self.warnings),
            administrators=room_urls(reader, "administrators", self.file.parent, self.warnings),
            note_text=reader.boolean("note_text", False),
            file_names=reader.boolean("file_names", False),
        )
        reader.finish()
        return chat

    def _quiet_hours(self, reader: Reader) -> QuietHours | None:
        start, end = time_of_day(reader, "from"), time_of_day(reader, "to")
        closed_days = reader.boolean("closed_days", False)
        reader.finish()
        if reader.has("from") != reader.has("to"):
            reader.problem("chat.quiet_hours needs both from and to", 'write {from: "19:00", to: "08:00"}')
        elif start is not None and start == end:
            reader.problem("chat.quiet_hours begin and end at the same time", "leave it out, or change one", "to")
        return QuietHours(start, end, closed_days) if start is not None or closed_days else None

    def _retention(self, reader: Reader) -> Retention:
        retention = Retention(
            versions_days=reader.number("versions_days", 400.0, least=0),
            quarantine_days=reader.number("quarantine_days", 90.0, least=0),
            history_years=reader.number("history_years", 7.0, least=0),
        )
        reader.finish()
        return retention

    def _keep_apart(self, config: Config) -> None:
        """State, rules and both trees must not lie in one another: what is in a tree, people move and delete."""
        places = {"intranet.root": config.intranet.root, "state": config.state, "rules": config.rules}
        if isinstance(config.cloud, FolderCloud) and self._text_at("cloud.kind") == "folder":
            places["cloud.root"] = config.cloud.root
        apart = (
            ("intranet.root", "cloud.root", "each side needs a folder of its own"),
            ("state", "cloud.root", "people would move and delete what is in it; put it outside"),
            ("state", "intranet.root", "people would move and delete what is in it; put it outside"),
            ("rules", "cloud.root", "operators could change the rules; put the folder outside"),
            ("rules", "state", "the state folder is syncd's own; put the rules outside"),
        )
        nodes = {key: self._given_at(key) for key in places}
        for one, other, remedy in apart:
            # An unreadable value was reported already and stands for the file's own folder here.
            node = nodes.get(one)
            if node is None or nodes.get(other) is None:
                continue
            if relation := folders.overlap(places[one], places[other]):
                words = {"the same": "is the same folder as", "inside": "lies inside", "around": "lies around"}
                message = f"{one} {words[relation]} {other}"
                self.problems.append(Problem(node.file, node.line, message, remedy, node.column))

    def _node_at(self, key: str) -> Node | None:
        group, _, last = key.rpartition(".")
        parent = self.top.node(group) if group else self.top.node_here
        content = parent.value if parent is not None else None
        return content.get(last) if isinstance(content, dict) else None

    def _text_at(self, key: str) -> str:
        """The text given there; '' when there is none."""
        node = self._node_at(key)
        return node.value.strip() if node is not None and isinstance(node.value, str) else ""

    def _given_at(self, key: str) -> Node | None:
        """Where the text was given; None when it wasn't."""
        return self._node_at(key) if self._text_at(key) else None
