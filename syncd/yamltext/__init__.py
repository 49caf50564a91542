"""YAML as people write it in Notepad: read safely, with the line of every value, and all faults at once.

Owns the way from a config or rules file to checked values (`reading`: text to nodes; `checking`: nodes to values).
Refuses to know what any key means.
"""

from syncd.yamltext.checking import REQUIRED, Reader, Required, nearest, suggestion
from syncd.yamltext.reading import (
    Node,
    collect_bytes,
    collect_text,
    collect_yaml,
    decode,
    parse_yaml,
    read_yaml,
    shown,
)

__all__ = [
    "REQUIRED",
    "Node",
    "Reader",
    "Required",
    "collect_bytes",
    "collect_text",
    "collect_yaml",
    "decode",
    "nearest",
    "parse_yaml",
    "read_yaml",
    "shown",
    "suggestion",
]
