"""config.yaml → `Config`: typed, complete, every fault at once with file, line and remedy.

Owns what the settings are called, what they default to and what can't be (`settings`: types; `reading`: the file;
`folders`: which folders can be; `references`: `${…}` and secrets; `finding`: which file). Reads the file itself, the
credentials it refers to and where folders really lie; refuses to make folders, to import a cloud or chat library, and
to show a secret.
"""

from syncd.config.finding import find_config
from syncd.config.reading import examine, load
from syncd.config.settings import Chat, Cloud, Config, Intranet, Language, QuietHours, Reading, Retention, Watch

__all__ = [
    "Chat",
    "Cloud",
    "Config",
    "Intranet",
    "Language",
    "QuietHours",
    "Reading",
    "Retention",
    "Watch",
    "examine",
    "find_config",
    "load",
]
