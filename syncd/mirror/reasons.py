"""Why something was refused or put right: the keys that moves carry and their English words in the history.

What people read in chat is in the workflow's messages, under `reason_<key>`.
"""

REASONS = {
    "not_allowed": "the workflow has no line that allows this move",
    "not_offered": "only a file that the ward offers can be agreed to; a returned one has to be corrected",
    "newer_correction": "a newer correction by the ward is coming",
    "ward_edit": "the ward changed what the operator sent; it has to be offered through corrections",
    "needs_note": "a returned file is confirmed only with a note that says why",
    "newer_in_review": "another version of this document is in review",
    "untyped_confirm": "a file goes from inbox through review",
    "confirmed_is_final": "what is confirmed stays as it is",
    "deleted_tracked": "a tracked file was deleted or taken out of the tree",
    "other_operator": "the file belongs to another operator",
    "other_inside": "it holds a file that belongs to another operator",
    "made_for_other": "syncd made it of another operator's data",
    "ward_page": "it is a page of the ward's own",
    "note_for_other": "it is a note to another operator",
    "names_other": "its name carries another operator's code or name",
    "says_other": "it speaks of another operator where it names its facility",
    "alike_other": "another operator's form says the same",
    "sealed": "nobody can look into it",
    "own_page": "it is the page that syncd keeps for the operator",
    "handed_over": "it was handed over to the facility whose it is",
    "infected": "suspected of a virus: it is not sent",
    "already_received": "the same bytes were received before",
    "empty": "the file is empty",
    "emptied": "nothing was left of the file's content",
    "not_checked": "scanner and checks have not passed it",
    "unseen": "nobody could look into it; it may only be sent back",
    "note_is_the_wards": "notes are written by the ward",
    "folder_deleted": "the stage folder had been deleted",
}
