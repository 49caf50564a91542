"""Looks at the folders in Box: are they the ones that the state knows, may syncd work in them, who else sees them.

Changes nothing. Who is in an operator's folder is asked for here and judged by `examine_people`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

from syncd import names
from syncd.clouds.box.calls import Call, Refused
from syncd.clouds.box.examine import BoxExamination
from syncd.clouds.box.examine_people import People, Person
from syncd.config import is_folder_id
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.errors import SyncdError, Unreachable
from syncd.model import Layout, Operator, Stage

FIELDS: Final = "name,owned_by,permissions,shared_link,item_status,has_collaborations,size"
PAGE: Final = 1000
MOST_PAGES: Final = 200
NEEDED: Final = {
    "can_upload": "upload",
    "can_download": "download",
    "can_rename": "move or rename",
    "can_delete": "delete",
}

Item = Mapping[str, Any]


class FolderExamination:
    """The root and what lies in it.

    Args:
        box: whose `way_in` was good.
        marker: the id of the root marker that the state knows; None: it knows none.
    """

    def __init__(self, box: BoxExamination, marker: str | None) -> None:
        self._box = box
        self._calls = box.calls
        self._marker = marker
        self._root = box.settings.root
        self.reached = False
        """Whether what is in the root can be looked at; after `root`."""
        self._listed: dict[str, list[Item]] = {}
        self.people = People(frozenset({box.login}))

    # ── the root ──

    def root(self) -> Iterator[Diagnosis]:
        """The folder under which all lie."""
        try:
            found = self._folder(self._root)
            children = self._children(self._root)
        except Refused as refused:
            said = f"{self._box.login} sees no folder {self._root} ({refused.status} {refused.code})".rstrip()
            remedy = f"see cloud.root, and invite {self._box.login} to that folder as co-owner or editor"
            if refused.status == 403:
                remedy = f"the app needs the scopes to read and write all files and folders; {remedy}"
            yield fault("cloud", "root", said, remedy)
            return
        self.reached = True
        owner = _login(found.get("owned_by"))
        self.people = People(frozenset({self._box.login, owner}))
        name = "all that syncd's user sees" if self._root == "0" else f"folder {found.get('name')} ({self._root})"
        yield ok("cloud", "root", f"{name}, owned by {owner or 'nobody'}")
        lacking = [] if self._root == "0" else _lacking(found, ("can_upload", "can_download"))
        if lacking:
            yield self._role("root", str(found.get("name")), lacking)
        yield from self._link(found, f"folder {found.get('name')}, with all operators' files", "")
        if self._root != "0":
            yield from self._root_people()
        yield self._root_marker(children)

    def _root_people(self) -> Iterator[Diagnosis]:
        try:
            people = self._collaborators(self._root)
        except Refused as refused:
            yield self._unseen(refused, "the root")
            return
        yield from self.people.root(people)

    def _root_marker(self, children: list[Item]) -> Diagnosis:
        own = _named(children, ".syncd")
        remedy = "restore .syncd in Box" if self._marker else "`syncd init` marks it"
        try:
            item = _named(self._children(str(own["id"])), "marker") if own else None
            if item is None:
                return fault("cloud", "marker", "there is no root marker .syncd/marker", remedy)
            found = json.loads(self._box.marker(item)).get("id")
        except (ValueError, AttributeError):
            return fault("cloud", "marker", "the root marker is damaged", "restore its former version in Box")
        except SyncdError as error:
            remedy = "have Box's content host (dl.boxcloud.com) let through, or name another in cloud.hosts"
            return fault("cloud", "marker", f"the root marker can't be fetched: {error.message}", remedy)
        if self._marker is not None and found != self._marker:
            remedy = "point cloud.root at the right folder, or `state:` at the one that belongs to it"
            return fault("cloud", "marker", "the root is marked as another state's", remedy)
        return ok("cloud", "marker", "the root is marked as this state's, and files can be fetched")

    # ── an operator ──

    def operator(self, operator: Operator, layout: Layout, known: Mapping[str, str]) -> Iterator[Diagnosis]:
        """One operator's folder and stages. Raises Unreachable."""
        try:
            found = self._find(layout.folder)
            if found is None:
                yield self._missing(operator, layout, known)
                return
            top = self._folder(str(found["id"]))
            children = self._children(str(found["id"]))
        except Refused as refused:
            said = f"{operator.id}: {layout.folder} can't be looked at ({refused.status} {refused.code})"
            yield fault("cloud", "folders", said, self._invite(), about=operator.id)
            return
        stages = {stage: _named(children, name, folder=True) for stage, name in layout.stages.items()}
        yield from self._identities(operator, layout, top, stages, known)
        yield from self._roles(operator, layout, top, stages)
        shared = {
            layout.folder: top,
            **{f"{layout.folder}/{layout.stages[stage]}": one for stage, one in stages.items()},
        }
        for path, item in shared.items():
            yield from self._link(item or {}, f"{operator.id}: {path}", operator.id)
        try:
            people = self._people_in(operator, top, stages)
        except Refused as refused:
            yield self._unseen(refused, layout.folder, operator.id)
            return
        yield from self.people.operator(operator, layout.folder, _login(top.get("owned_by")), people)

    def _people_in(self, operator: Operator, top: Item, stages: Mapping[Stage, Item | None]) -> list[Person]:
        """Who was invited to the operator's folder and, where somebody wants that checked, to its stages alone."""
        people = self._collaborators(str(top["id"]))
        if operator.cloud_people:
            for item in (each for each in stages.values() if each and each.get("has_collaborations")):
                people += [each for each in self._collaborators(str(item["id"])) if each not in people]
        return people

    def _unseen(self, refused: Refused, folder: str, about: str = "") -> Diagnosis:
        said = f"Box doesn't tell syncd who sees {folder} ({refused.status} {refused.code})"
        remedy = f"make {self._box.login} a co-owner of it, or let collaborators see one another in its settings"
        return warning("cloud", "people", f"{about}: {said}" if about else said, remedy, about=about)

    def _find(self, folder: str) -> Item | None:
        """By its path below the root, else by its id."""
        found: Item | None = {"id": self._root}
        for part in folder.strip("/").split("/"):
            found = _named(self._children(str(found["id"])), part, folder=True) if found else None
        if found is None and is_folder_id(folder):
            try:
                return self._folder(folder)
            except Refused as refused:
                if refused.status != 404:
                    raise
        return found

    def _missing(self, operator: Operator, layout: Layout, known: Mapping[str, str]) -> Diagnosis:
        said = f"{operator.id}: there is no {layout.folder}"
        if is_folder_id(layout.folder):
            said = f"{operator.id}: {self._box.login} sees no folder {layout.folder}"
            return fault("cloud", "folders", said, self._invite(), about=operator.id)
        if "" not in known:
            remedy = "`syncd init` makes it; then invite the operator's people to it in Box"
            return fault("cloud", "folders", said, remedy, about=operator.id)
        try:
            other = self._folder(known[""])
        except Refused:
            remedy = f"restore it from Box's trash, or {self._invite()}"
            return fault(
                "cloud", "folders", f"{said}, and folder {known['']} is out of reach", remedy, about=operator.id
            )
        if other.get("item_status") != "active":
            return fault("cloud", "folders", f"{said}: it is in Box's trash", "restore it there", about=operator.id)
        said = f"{said}: it was moved or renamed to {other.get('name')}"
        return fault("cloud", "folders", said, "`syncd run` puts it back", about=operator.id)

    def _identities(
        self,
        operator: Operator,
        layout: Layout,
        top: Item,
        stages: Mapping[Stage, Item | None],
        known: Mapping[str, str],
    ) -> Iterator[Diagnosis]:
        missing = [layout.stages[stage] for stage, item in stages.items() if item is None]
        there = {"": top, **{stage.value: item for stage, item in stages.items() if item}}
        others = [str(item.get("name")) for key, item in there.items() if known.get(key, item["id"]) != item["id"]]
        if missing:
            said = f"{operator.id}: {layout.folder} has no folder {', '.join(missing)}"
            yield fault(
                "cloud", "folders", said, "`syncd init` makes it, or `syncd run` puts it back", about=operator.id
            )
        if others:
            said = f"{operator.id}: {', '.join(others)} is another folder than the one that the state knows"
            remedy = "look where the old one is in Box (or in its trash): only one of them can be the operator's"
            yield fault("cloud", "folders", said, remedy, about=operator.id)
        if not missing and not others:
            said = f"{operator.id}: {layout.folder} and its {len(stages)} folders (id {top['id']})"
            yield ok("cloud", "folders", said, about=operator.id)

    def _roles(
        self, operator: Operator, layout: Layout, top: Item, stages: Mapping[Stage, Item | None]
    ) -> Iterator[Diagnosis]:
        """What syncd has to do with files shows in the stage folders: what is shared itself can't always be moved."""
        inner = [each for each in stages.values() if each is not None]
        lacking = _lacking(top, ("can_upload", "can_download"))
        for each in inner:
            lacking += [one for one in _lacking(each, tuple(NEEDED)) if one not in lacking]
        if lacking:
            yield self._role("rights", layout.folder, lacking, operator.id)
            return
        yield ok("cloud", "rights", f"{operator.id}: syncd may do there all that it has to", about=operator.id)

    def _role(self, check: str, folder: str, lacking: list[str], about: str = "") -> Diagnosis:
        who = f"{about}: " if about else ""
        said = f"{who}syncd may not {', '.join(NEEDED[each] for each in lacking)} in {folder}"
        remedy = f"make {self._box.login} an editor or co-owner of it in Box; viewer uploader is not enough"
        return fault("cloud", check, said, remedy, about=about)

    def _invite(self) -> str:
        return f"invite {self._box.login} to it in Box, as editor or co-owner"

    def _link(self, item: Item, what: str, about: str) -> Iterator[Diagnosis]:
        link = item.get("shared_link")
        access = (link.get("effective_access") or link.get("access")) if isinstance(link, dict) else None
        remedy = "remove the shared link in Box; people are invited by their logins"
        if access == "open":
            yield fault("cloud", "links", f"{what}: anybody who has its link can see it", remedy, about=about)
        elif access == "company":
            said = f"{what}: everybody of the enterprise who has its link can see it"
            yield warning("cloud", "links", said, remedy, about=about)

    # ── writing, without doing it ──

    def writing(self, inbox: str) -> Diagnosis:
        """Whether Box would take a file in that folder: a question that Box has for it, and nothing is made."""
        name = f"syncd-doctor-{secrets.token_hex(4)}.txt"
        call = Call(
            "other", "asks whether a file would be taken", "OPTIONS", self._calls.at("/files/content"),
            body={"name": name, "size": 1, "parent": {"id": inbox}},
        )  # fmt: skip
        try:
            self._calls.send(call)
        except SyncdError as error:
            remedy = "the app needs the scope to write all files and folders; authorise it anew after a change"
            return fault("cloud", "writing", error.message, remedy)
        return ok("cloud", "writing", "Box would take a file from syncd; none was sent")

    def inbox(self, layout: Layout) -> str | None:
        """The id of an operator's inbox, if it is there. Asks nothing that wasn't asked before."""
        try:
            top = self._find(layout.folder)
            found = _named(self._children(str(top["id"])), layout.stages[Stage.INBOX], folder=True) if top else None
        except Refused:
            return None
        return str(found["id"]) if found else None

    # ── asking ──

    def _folder(self, folder: str) -> Item:
        return self._calls.get(f"looks at folder {folder}", f"/folders/{folder}", "id", fields=FIELDS)

    def _children(self, folder: str) -> list[Item]:
        if folder not in self._listed:
            query = {"fields": FIELDS, "usemarker": "true", "limit": str(PAGE)}
            self._listed[folder] = list(self._pages(f"/folders/{folder}/items", f"lists folder {folder}", query))
        return self._listed[folder]

    def _collaborators(self, folder: str) -> list[Person]:
        """Everybody but syncd. Raises Refused, Unreachable."""
        query = {"fields": "accessible_by,role,status,invite_email,item", "usemarker": "true", "limit": str(PAGE)}
        found = []
        for entry in self._pages(f"/folders/{folder}/collaborations", f"asks who is in folder {folder}", query):
            grantee = entry.get("accessible_by")
            who = grantee if isinstance(grantee, dict) else {}
            if who.get("id") == self._box.me.get("id") or entry.get("status") == "rejected":
                continue
            group = who.get("type") == "group"
            name = who.get("login") or entry.get("invite_email") or who.get("name") or who.get("id") or "somebody"
            person = Person(
                str(who.get("name") if group else name), str(entry.get("role")), group, entry.get("status") == "pending"
            )
            if person not in found:
                found.append(person)
        return found

    def _pages(self, path: str, what: str, query: Mapping[str, str]) -> Iterator[Item]:
        marker = ""
        for _ in range(MOST_PAGES):
            more = {"marker": marker} if marker else {}
            body = self._calls.get(what, path, "entries", **query, **more)
            entries = body["entries"]
            for each in entries if isinstance(entries, list) else ():
                if isinstance(each, dict) and each.get("id"):
                    yield each
            marker = str(body.get("next_marker") or "")
            if not marker:
                return
        raise Unreachable(f"Box: {what}: no end to it", "try again later")


def _login(user: object) -> str:
    return str(user.get("login") or user.get("name") or "") if isinstance(user, dict) else ""


def _lacking(item: Item, needed: tuple[str, ...]) -> list[str]:
    """What Box says that syncd may not do; what it says nothing of isn't held against it."""
    found = item.get("permissions")
    permissions = found if isinstance(found, dict) else {}
    return [each for each in needed if permissions.get(each) is False]


def _named(items: list[Item], name: str, *, folder: bool = False) -> Item | None:
    """What has that name; Box doesn't tell letter case apart."""
    wanted = names.fold(name)
    same = [each for each in items if names.fold(str(each.get("name"))) == wanted]
    same = [each for each in same if not folder or each.get("type") == "folder"]
    return next((each for each in same if each.get("name") == name), same[0] if same else None)
