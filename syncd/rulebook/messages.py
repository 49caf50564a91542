"""The texts that people read in chat, as the rules folder gives them: checked, and laid over the packaged ones.

Owns the check of every text. Refuses to know who is told what (the workflow's lines do) and to fill a text (`wording`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from syncd.rulebook.wording import SPELLINGS
from syncd.yamltext import Reader, nearest, shown, suggestion

WORDS: Final = frozenset(SPELLINGS.values()) | {"n", "id", "inbox", "review", "corrections", "confirmed"}
"""Every placeholder in its English spelling; those in `SPELLINGS` have a Japanese one as well."""

LANGUAGES: Final = ("ja", "en")
LONGEST: Final = 900
"""Characters in one chat message."""

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")

Messages = Mapping[str, Mapping[str, str]]
"""Name → language → text."""


def placeholders(text: str) -> frozenset[str]:
    """The words that a text asks for, in their English spelling where there is one."""
    return frozenset(SPELLINGS.get(word, word) for word in _PLACEHOLDER.findall(text))


def read_messages(reader: Reader, packaged: Messages) -> Messages:
    """The `messages:` of a workflow file over the packaged ones; faults go to the reader's problems.

    A text given in one language only leaves the other to the packaged message, or stands for both.
    """
    merged: dict[str, Mapping[str, str]] = dict(packaged)
    for name in reader.given():
        texts = reader.group(name)
        before = len(reader.problems)
        own = {language: texts.text(language) for language in LANGUAGES if texts.has(language)}
        texts.know(*LANGUAGES)
        texts.finish()
        if not own:
            if len(reader.problems) == before and isinstance(texts.node_here.value, dict | None):
                texts.problem(f"message {shown(name)} has no text", "write `ja:` and `en:` below it")
            continue
        for language, text in own.items():
            _check(texts, language, text)
        only = next(iter(own.values()))
        merged[name] = MappingProxyType({**dict.fromkeys(LANGUAGES, only), **packaged.get(name, {}), **own})
    return MappingProxyType(merged)


def _check(texts: Reader, language: str, text: str) -> None:
    known = [*SPELLINGS, *WORDS]
    for word in _PLACEHOLDER.findall(text):
        if word not in known:
            message = f"{texts.where}.{language}: there is no placeholder {{{word[:40]}}}"
            named = known if nearest(word, known) else SPELLINGS if language == "ja" else WORDS
            place = text.find(f"{{{word}}}")
            texts.problem(message, suggestion(word, named), node=texts.node(language), offset=place)
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        texts.problem(f"{texts.where}.{language} has a brace without its partner", "close it, or remove it", language)
    if len(text) > LONGEST:
        remedy = f"chat messages have at most {LONGEST} characters"
        texts.problem(f"{texts.where}.{language} is too long ({len(text)} characters)", remedy, language)
