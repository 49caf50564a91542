"""Which config.yaml is meant: the one named, or the first there is. Doesn't open it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from syncd.errors import Misconfigured, Problem

PLACES: Final = ("$SYNCD_CONFIG", "./config.yaml", "/etc/syncd/config.yaml")


def find_config(argument: str | os.PathLike[str] | None, environment: Mapping[str, str] | None = None) -> Path:
    """The config file to use: the argument, $SYNCD_CONFIG, ./config.yaml, /etc/syncd/config.yaml; absolute.

    Raises Misconfigured when the one that was named isn't there, or none is.
    """
    environment = os.environ if environment is None else environment
    named = argument or environment.get("SYNCD_CONFIG")
    if named:
        path = Path(os.path.abspath(named))
        if path.is_file():
            return path
        wrong = "is a folder, not a file" if path.is_dir() else "there is no such file"
        how = "-c" if argument else "$SYNCD_CONFIG"
        raise Misconfigured((Problem(str(path), 0, f"{wrong} ({how} names it)", "name a config.yaml that is there"),))
    for place in PLACES[1:]:
        if os.path.isfile(place):
            return Path(os.path.abspath(place))
    message = f"not found; looked at {', '.join(PLACES)}"
    remedy = "copy config.example.yaml to ./config.yaml, or name a file with -c"
    raise Misconfigured((Problem("config.yaml", 0, message, remedy),))
