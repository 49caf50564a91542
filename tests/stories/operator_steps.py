"""How a file of an operator's got where a story begins; each step leaves both sides agreed and the chat read."""

from __future__ import annotations

from tests.stories.ward import ENROLMENT, Ward

REVIEW, CORRECTIONS, CONFIRMED = f"review/{ENROLMENT}", f"corrections/{ENROLMENT}", f"confirmed/{ENROLMENT}"
INBOX = f"inbox/{ENROLMENT}"
NOTE = f"corrections/{ENROLMENT}.txt"


def round_off(ward: Ward) -> None:
    """syncd works until nothing is left; the chat counts as read."""
    assert ward.run() == 0
    ward.said()


def confirm(ward: Ward, name: str = ENROLMENT, shown: str | None = None, operator: str = "himawari") -> None:
    """Staff confirm what lies in review (`shown`: under its name with marks)."""
    ward.drag(ward.intranet(f"review/{shown or name}", operator), ward.intranet("confirmed", operator))
    round_off(ward)
    assert f"confirmed/{name}" in ward.tree("cloud", operator)


def offer(ward: Ward, name: str = ENROLMENT, content: str = "v1 by the ward", operator: str = "himawari") -> None:
    """Staff edit the file in review and offer their version."""
    ward.save_like_excel(ward.intranet(f"review/{name}", operator), content)
    ward.drag(ward.intranet(f"review/{name}", operator), ward.intranet("corrections", operator))
    round_off(ward)
    assert ward.tree("cloud", operator)[f"corrections/{name}"] == content


def give_back(ward: Ward, name: str = ENROLMENT, why: str = "8行目が違います", operator: str = "himawari") -> None:
    """Staff return the file as it is, with a note."""
    ward.drag(ward.intranet(f"review/{name}", operator), ward.intranet("corrections", operator))
    ward.put(ward.intranet(f"corrections/{name}.txt", operator), why)
    round_off(ward)
    assert ward.tree("cloud", operator)[f"corrections/{name}.txt"] == why


def since(ward: Ward, before: int, operator: str | None = "himawari") -> list[tuple[str | None, str | None, str, str]]:
    """(from, to, by, outcome) of every record after the first `before`."""
    return ward.moves(operator)[before:]
