"""config.yaml → `Config`: typed, complete, every fault at once with file, line and remedy.

Owns what the settings are called, what they default to and what can't be (`settings`: types; `reading`: the file;
`box`: the cloud when it is Box; `scanner`: clamd; `values`, `key_files`: values of one kind; `folders`: which folders
can be; `references`: `${…}` and secrets; `finding`: which file). Reads the file itself, the credentials, keys and
certificates it refers to and where folders really lie; refuses to make folders, to import a cloud or chat library, and
to show a secret.
"""

from syncd.config.finding import find_config
from syncd.config.folders import is_folder_id
from syncd.config.reading import examine, load
from syncd.config.settings import (
    BaseUrls,
    BoxCloud,
    Chat,
    Clamd,
    ClientCredentials,
    Cloud,
    Config,
    FolderCloud,
    Intranet,
    KeyFile,
    Language,
    QuietHours,
    Reading,
    Retention,
    Watch,
)

__all__ = [
    "BaseUrls",
    "BoxCloud",
    "Chat",
    "Clamd",
    "ClientCredentials",
    "Cloud",
    "Config",
    "FolderCloud",
    "Intranet",
    "KeyFile",
    "Language",
    "QuietHours",
    "Reading",
    "Retention",
    "Watch",
    "examine",
    "find_config",
    "is_folder_id",
    "load",
]
