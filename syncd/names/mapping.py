"""The reversible mapping between the cloud's name and the intranet's, and the marks that only the intranet shows.

The mapping writes a character that the intranet can't hold as its code between two small percent signs: `a:b` is
`a﹪3A﹪b`. The sign itself is written the same way, so every name without one stays as it is and the way back is exact.
`﹪~1A2B3C4D5E﹪` stands for what had to be cut off, `﹪=1A2B3C4D5E﹪` tells twins apart.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from datetime import datetime

LIMIT = 255
"""Bytes of UTF-8 in a name: what ext4 holds, and never more than Windows and Box do."""

NAMES_AT_HAND = 32_768
"""How many names keep their answers at hand; a ward's year has fewer."""

WITHDRAWN = "（取下げ）"
FINDINGS = "（指摘）"

_SIGN = "﹪"
_ESCAPED = re.compile(f"{_SIGN}([0-9A-F]{{1,6}}){_SIGN}")
_CUT = re.compile(f"{_SIGN}~([0-9A-F]{{10}}){_SIGN}$")
_TWIN = re.compile(f"{_SIGN}=([0-9A-F]{{10}}){_SIGN}$")
_TOKEN = re.compile(f"{_SIGN}[~=]?[0-9A-F]+{_SIGN}|.", re.DOTALL)
# Only what programs are chosen by; `No.1 在籍` and `R7.10` have none, so that their marks stand at the end.
_EXTENSION = re.compile(r"(?<=.)\.(?=[0-9_-]*[A-Za-z])[A-Za-z0-9_-]{1,16}$", re.DOTALL)
_MARK = re.compile(r"（(?:(再提出|旧版|同名) [0-9]+|(職員編集) [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{4}|(取下げ|指摘))）$")
# What Explorer or a browser adds may follow: a copy that was downloaded twice is `…（指摘） (1).xlsx`.
_FINDINGS_AT_END = re.compile(
    rf"(?<=.){FINDINGS}(?=(?:\s*[（(]\d{{1,2}}[）)]|\s*-\s*(?:コピー|Copy)(?:\s*\(\d{{1,2}}\))?)*$)", re.DOTALL
)
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[1-9¹²³]|LPT[1-9¹²³]|CONIN\$|CONOUT\$) *(?:\.|$)", re.IGNORECASE)
_FORBIDDEN = frozenset('<>:"/\\|?*' + _SIGN)
# Invisible though not of a category that says so: fillers, the grapheme joiner.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u034f")


def resubmitted(count: int) -> str:
    """The mark of a newer submission that staff have not yet moved on."""
    return f"（再提出 {count}）"


def old(number: int) -> str:
    """The mark of an earlier confirmed version beside the newer one."""
    return f"（旧版 {number}）"


def staff_edit(at: datetime) -> str:
    """The mark of the ward's own version, kept beside a newer submission; `at` in the ward's time zone."""
    return f"（職員編集 {at:%Y-%m-%d %H%M}）"


CHANGES = "変更箇所_"
"""How the name of a list of what the ward changed begins."""


def marked_copy(name: str) -> str:
    """What the copy of a form in which syncd marked the faults is called; on both sides, beside the form itself."""
    stem, extension = split(without_findings(name))
    return _fit_plainly(stem, FINDINGS + extension)


def without_findings(name: str) -> str:
    """The name of the form that a marked copy was made of; any other name as it is."""
    stem, extension = split(name)
    return _FINDINGS_AT_END.sub("", stem) + extension


def has_findings(name: str) -> bool:
    """Whether it is a copy in which syncd marked what is wrong."""
    return without_findings(name) != name


def is_companion(name: str) -> bool:
    """Whether syncd made it to lie beside a file in corrections: a marked copy or a list of changes."""
    return has_findings(name) or name.startswith(CHANGES)


def list_of_changes(name: str) -> str:
    """What the list of cells that the ward changed in a form is called; on both sides, beside the form."""
    return _fit_plainly(f"{CHANGES}{split(name)[0]}", ".txt")


def note_for(name: str) -> str:
    """What the note that says why a file came back is called; beside it, on both sides. A text's own ending will do."""
    stem, extension = split(name)
    return _fit_plainly(f"理由_{stem if extension.lower() == '.txt' else name}", ".txt")


def within_limit(name: str) -> str:
    """A name out of an archive, which may be of any length, as a folder can hold it."""
    stem, extension = split(name)
    return name if len(name.encode()) <= LIMIT else _fit_plainly(stem, extension)


def _fit_plainly(stem: str, ending: str) -> str:
    """At most 255 bytes; what had to be cut is not needed again."""
    room = LIMIT - len(ending.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + ending


def same_name(number: int) -> str:
    """The mark that tells a file from another of its name in the same folder."""
    return f"（同名 {number}）"


def split(name: str) -> tuple[str, str]:
    """Stem and extension (with its dot; '' for none). Marks stand between the two."""
    found = _EXTENSION.search(name)
    return (name[: found.start()], found.group()) if found else (name, "")


@functools.lru_cache(maxsize=NAMES_AT_HAND)
def fold(name: str) -> str:
    """Equal for names that Windows or Box take for the same: letter case and Unicode composition don't count."""
    return _nfc(unicodedata.normalize("NFD", name).casefold())


# --- the mapping -----------------------------------------------------------------------------------------------------


def to_intranet(name: str) -> str:
    """The name as Windows and ext4 can hold it; a function of the cloud's name alone, composed (NFC).

    Names that differ by more than letter case or composition never come out the same.
    """
    return _fit(_escape(_nfc(name)), _digest(_nfc(name)))


def from_intranet(name: str) -> str:
    """The cloud's name of an intranet file: marks and twin hash taken off, mapping reversed.

    A name that had to be cut stays as it is (compare with `belongs`), and so does one that would become a path.
    """
    stem, extension = split(without_marks(name))
    if _CUT.search(stem):
        return stem + extension
    plain = _ESCAPED.sub(_character, _TWIN.sub("", stem) + extension)
    return stem + extension if plain in {"", ".", ".."} or "/" in plain or "\0" in plain else plain


def twin(name: str) -> str:
    """Like `to_intranet`, with a hash of the exact name: for a name whose case or composition twin is already there."""
    digest = _digest(f"twin\0{name}")
    stem, extension = split(_escape(_nfc(name)))
    return _fit(f"{stem}{_SIGN}={digest}{_SIGN}{extension}", digest)


def to_cloud(name: str) -> str:
    """A name that staff gave, without marks, as every cloud can hold it."""
    plain = from_intranet(name)
    bare = _nfc(without_marks(name))
    if to_intranet(plain) == bare and not any(_beyond_clouds(plain)):
        return plain
    return _fit(_escape(bare, keep=_SIGN), _digest(bare))


def belongs(intranet_name: str, cloud_name: str) -> bool:
    """Whether the intranet's name stands for the cloud's: plain, as a twin, cut, with any marks.

    A marked copy, which has its mark in the cloud as well, stands for that and for the form it was made of.
    """
    if FINDINGS in marks(intranet_name) and (form := without_findings(cloud_name)) != cloud_name:
        return belongs(without_marks(intranet_name), form)
    bare = without_marks(intranet_name)
    if bare in {to_intranet(cloud_name), twin(cloud_name)}:
        return True
    stem, extension = split(bare)
    cut = _CUT.search(stem)
    digests = {_digest(_nfc(cloud_name)), _digest(f"twin\0{cloud_name}")}
    return cut is not None and extension == split(_escape(_nfc(cloud_name)))[1] and cut.group(1) in digests


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10].upper()


def _escape(name: str, keep: str = "") -> str:
    """Every character that can't stand where it stands, as its code. `name` is NFC and not empty."""
    if not name:
        raise ValueError("a file's name is never empty")
    characters = [c if c in keep or not _unholdable(c) else _code(c) for c in name]
    if _DEVICE.match(name) or name[0] == " ":
        characters[0] = _code(name[0])
    if name[-1] in ". ":
        characters[-1] = _code(name[-1])
    # A mark that the operator wrote must not be taken for ours.
    stem, _ = split(name)
    if imitated := _MARK.search(stem):
        characters[imitated.start()] = _code("（")
    return "".join(characters)


def _unholdable(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _FORBIDDEN or category in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _UNSEEN


def _code(character: str) -> str:
    return f"{_SIGN}{ord(character):X}{_SIGN}"


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    return chr(code) if code <= 0x10FFFF else match.group()


def _beyond_clouds(name: str) -> tuple[bool, ...]:
    return (
        name != name.strip(" "),
        "\\" in name,
        any(unicodedata.category(character) in {"Cc", "Cs"} for character in name),
        len(name.encode("utf-8", "surrogatepass")) > LIMIT,
    )


def _fit(name: str, digest: str) -> str:
    """The name, or as much of its stem as fits with the digest; marks and extension stay whole."""
    if len(name.encode()) <= LIMIT:
        return name
    stem, extension = split(name)
    bare, present = _without(stem)
    if cut := _CUT.search(bare):
        bare, digest = bare[: cut.start()], cut.group(1)
    bare = _TWIN.sub("", bare)
    tail = f"{_SIGN}~{digest}{_SIGN}" + "".join(present) + extension
    room = LIMIT - len(tail.encode())
    kept = []
    for token in _TOKEN.findall(bare):
        room -= len(token.encode())
        if room < 0:
            break
        kept.append(token)
    return "".join(kept) + tail


# --- marks -----------------------------------------------------------------------------------------------------------


def marks(name: str) -> tuple[str, ...]:
    """The marks of syncd on an intranet name, as they stand there."""
    return _without(split(name)[0])[1]


def without_marks(name: str) -> str:
    """The intranet name without the marks of syncd."""
    stem, extension = split(name)
    return _without(stem)[0] + extension


def with_mark(intranet_name: str, mark: str) -> str:
    """The name with a mark directly before its extension; one of the same kind is replaced. At most 255 bytes.

    Raises ValueError for a mark that isn't one of syncd's.
    """
    if _MARK.fullmatch(mark) is None:
        raise ValueError(f"{mark!r} is no mark of syncd")
    stem, extension = split(intranet_name)
    bare, present = _without(stem)
    kinds = {_kind(each): each for each in present} | {_kind(mark): mark}
    twinned = _TWIN.search(bare)
    digest = twinned.group(1) if twinned else _digest(from_intranet(intranet_name))
    return _fit(bare + "".join(kinds.values()) + extension, digest)


def _without(stem: str) -> tuple[str, tuple[str, ...]]:
    found: list[str] = []
    while (mark := _MARK.search(stem)) and mark.start() > 0:
        found.insert(0, mark.group())
        stem = stem[: mark.start()]
    return stem, tuple(found)


def _kind(mark: str) -> str:
    found = _MARK.fullmatch(mark)
    return next(filter(None, found.groups())) if found else mark
