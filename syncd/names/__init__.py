"""Names of files: what each side can hold, the marks on the intranet, and which names mean the same.

Owns the way between the operator's name (in the cloud, canonical) and the name that Windows and ext4 can hold
(`mapping`), what makes two names one document (`sameness`) and what programs call their files (`programs`). Pure
functions of the name alone: refuses to look at any folder, so whether a name is taken is the caller's business (`twin`,
`same_name`). Takes names, never paths.
"""

from syncd.names.mapping import (
    FINDINGS,
    LIMIT,
    WITHDRAWN,
    belongs,
    fold,
    from_intranet,
    has_findings,
    is_companion,
    list_of_changes,
    marked_copy,
    marks,
    note_for,
    old,
    resubmitted,
    same_name,
    split,
    staff_edit,
    to_cloud,
    to_intranet,
    twin,
    with_mark,
    within_limit,
    without_findings,
    without_marks,
)
from syncd.names.programs import default_named, ignored, owner_files, save_folder, shows_owner
from syncd.names.sameness import same_document_key, strip_version_marks

__all__ = [
    "FINDINGS",
    "LIMIT",
    "WITHDRAWN",
    "belongs",
    "default_named",
    "fold",
    "from_intranet",
    "has_findings",
    "ignored",
    "is_companion",
    "list_of_changes",
    "marked_copy",
    "marks",
    "note_for",
    "old",
    "owner_files",
    "resubmitted",
    "same_document_key",
    "same_name",
    "save_folder",
    "shows_owner",
    "split",
    "staff_edit",
    "strip_version_marks",
    "to_cloud",
    "to_intranet",
    "twin",
    "with_mark",
    "within_limit",
    "without_findings",
    "without_marks",
]
