"""Where the rules lie that come with syncd: in the installed package, or in the checkout it is run from."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def rules_folder() -> Path:
    """The folder with the rules that come with syncd (`_workflow.yaml` and the document types)."""
    installed = _HERE / "packaged_rules"
    return installed if installed.is_dir() else _HERE.parent / "rules"
