"""A month in the ward, as data: who does what, what lies where afterwards, and who hears of it.

Nothing here touches a folder; `playing` does what stands here, in this order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syncd.demo.papers import ADDITIONS, ENROLMENT, INVOICE, STAFF_LIST, Paper
from syncd.demo.ward import NURSERIES, Nursery, StageName

SideName = Literal["cloud", "intranet"]
HIMAWARI, SAKURA, TSUBASA = NURSERIES
BADLY_NAMED = "報告書(最終).xlsx"


@dataclass(frozen=True, slots=True)
class Said:
    """Narration, in both languages."""

    en: str
    ja: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A nursery puts a paper into its inbox; `name`: another than the guide asks for; `version` 1 has a mistake."""

    nursery: Nursery
    paper: Paper
    wrong: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Drag:
    """A file is dragged to another stage; `into`: of another nursery's folder. Copied instead (by staff): `copy`."""

    side: SideName
    nursery: Nursery
    paper: Paper
    start: StageName
    target: StageName
    into: Nursery | None = None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """Staff open a workbook, change the number beside a label, and save as Excel does."""

    nursery: Nursery
    paper: Paper
    stage: StageName
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Rename:
    """The operator gives a file in inbox the name that the guide asks for."""

    nursery: Nursery
    name: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Note:
    """Staff write 理由.txt into corrections."""

    nursery: Nursery
    text: str


@dataclass(frozen=True, slots=True)
class Lies:
    """The file is (or, `gone`, is no longer) there; `mark`: on the intranet its name carries that mark."""

    side: SideName
    nursery: Nursery
    paper: Paper | str
    stage: StageName
    mark: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of that name has come to a room: staff, administrators, or a nursery's."""

    room: str
    message: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Something lies in the state's quarantine."""

    count: int


Step = Said | Drop | Drag | Edit | Rename | Note | Lies | Heard | Quarantined


@dataclass(frozen=True, slots=True)
class Scene:
    """One story of the month."""

    title: Said
    steps: tuple[Step, ...]


def both(nursery: Nursery, paper: Paper, stage: StageName) -> tuple[Lies, Lies]:
    """It lies there on both sides."""
    return Lies("cloud", nursery, paper, stage), Lies("intranet", nursery, paper, stage)


MONTH: tuple[Scene, ...] = (
    Scene(
        Said("The 5th: papers come in", "5日: 書類が届く"),
        (
            Said(
                "Three nurseries drop their papers into the inbox of their cloud folder.",
                "3つの園が、クラウドの「1_提出」に書類を入れます。",
            ),
            Drop(HIMAWARI, ENROLMENT),
            Drop(HIMAWARI, INVOICE),
            Drop(SAKURA, ENROLMENT, wrong=True),
            Drop(TSUBASA, STAFF_LIST, wrong=True),
            *both(HIMAWARI, ENROLMENT, "review"),
            *both(HIMAWARI, INVOICE, "review"),
            *both(SAKURA, ENROLMENT, "review"),
            *both(TSUBASA, STAFF_LIST, "review"),
            *(Heard(nursery.id, "received") for nursery in NURSERIES),
            Heard("staff", "arrived"),
        ),
    ),
    Scene(
        Said("A name that says nothing", "ファイル名から種類が分からない"),
        (
            Said(
                "さくら保育園 sends a file whose name fits no rule. It stays there; both hear how to name it.",
                "さくら保育園のファイル名はどの規則にも合いません。「1_提出」に残り、正しい名前の例が知らされます。",
            ),
            Drop(SAKURA, ADDITIONS, name=BADLY_NAMED),
            Lies("intranet", SAKURA, BADLY_NAMED, "inbox"),
            Heard("sakura", "unknown"),
            Heard("staff", "unknown"),
            Said("The nursery renames it, and it goes on by itself.", "園が名前を直すと、そのまま先へ進みます。"),
            Rename(SAKURA, BADLY_NAMED, ADDITIONS),
            *both(SAKURA, ADDITIONS, "review"),
            Heard("sakura", "received"),
        ),
    ),
    Scene(
        Said("Confirmed", "確認済みにする"),
        (
            Said(
                "Staff drag ひまわり保育園's head-counts from review to confirmed. That is the whole command.",
                "職員がひまわり保育園の在籍報告を「2_確認中」から「4_確認済」へ移します。操作はこれだけです。",
            ),
            Drag("intranet", HIMAWARI, ENROLMENT, "review", "confirmed"),
            *both(HIMAWARI, ENROLMENT, "confirmed"),
            Heard("himawari", "confirmed"),
        ),
    ),
    Scene(
        Said("Returned with a note, corrected, sent again", "理由を付けて差し戻し、修正して再提出"),
        (
            Said(
                "さくら保育園's ages don't add up. Staff drag the file to corrections and write 理由.txt beside it.",
                "さくら保育園の合計が合いません。職員は「3_修正・確認依頼」へ移し、隣に「理由.txt」を書きます。",
            ),
            Drag("intranet", SAKURA, ENROLMENT, "review", "corrections"),
            *both(SAKURA, ENROLMENT, "corrections"),
            Note(SAKURA, "年齢別の計57人と合計58人が一致しません。合計欄を確認してください。\r\n"),
            Lies("cloud", SAKURA, "理由.txt", "corrections"),
            Heard("sakura", "returned"),
            Said(
                "The nursery corrects it and drops it into the inbox again. The note leaves with the old one.",
                "園は直したものを同じ名前で「1_提出」に入れます。古いものと理由は一緒に片付きます。",
            ),
            Drop(SAKURA, ENROLMENT),
            *both(SAKURA, ENROLMENT, "review"),
            Lies("cloud", SAKURA, "理由.txt", "corrections", gone=True),
            Heard("staff", "resubmitted"),
            Drag("intranet", SAKURA, ENROLMENT, "review", "confirmed"),
            *both(SAKURA, ENROLMENT, "confirmed"),
            Heard("sakura", "confirmed"),
        ),
    ),
    Scene(
        Said("Corrected by the ward, agreed by the nursery", "区が修正し、園が了承する"),
        (
            Said(
                "つばさこども園's staff list has one wrong sum. Staff correct it in Excel; the cloud stays as it was.",
                "つばさこども園の職員名簿は合計だけが違います。職員が Excel で直します。クラウドは提出時のままです。",
            ),
            Edit(TSUBASA, STAFF_LIST, "review", "合計", 4.4),
            Said(
                "Dragged to corrections, it is offered to the nursery.",
                "「3_修正・確認依頼」へ移すと、修正案として園に届きます。",
            ),
            Drag("intranet", TSUBASA, STAFF_LIST, "review", "corrections"),
            *both(TSUBASA, STAFF_LIST, "corrections"),
            Heard("tsubasa", "ward_corrected"),
            Said(
                "The nursery looks at it and drags it to confirmed: agreed.",
                "園が内容を確かめ、「4_確認済」へ移します。これが了承です。",
            ),
            Drag("cloud", TSUBASA, STAFF_LIST, "corrections", "confirmed"),
            *both(TSUBASA, STAFF_LIST, "confirmed"),
            Heard("staff", "agreed"),
        ),
    ),
    Scene(
        Said("Sent again while staff look at it", "確認中に新しい版が届く"),
        (
            Said(
                "さくら保育園 sends its additions once more. The newer one takes the place and says so in its name,"
                " so that nobody confirms it unseen.",
                "さくら保育園が届出書を再び送ります。新しい版に入れ替わり、名前に（再提出 2）と付きます。",
            ),
            Drop(SAKURA, ADDITIONS, wrong=True),
            Lies("intranet", SAKURA, ADDITIONS, "review", mark="（再提出 2）"),
            Heard("staff", "resubmitted"),
            Heard("sakura", "received"),
        ),
    ),
    Scene(
        Said("Slips of the hand", "操作の間違い"),
        (
            Said(
                "Somebody drags ひまわり保育園's invoice into さくら保育園's folder: put back, and it never travels.",
                "職員がひまわり保育園の請求書をさくら保育園のフォルダーへ移してしまいます。元へ戻り、外へは出ません。",
            ),
            Drag("intranet", HIMAWARI, INVOICE, "review", "corrections", into=SAKURA),
            Lies("intranet", HIMAWARI, INVOICE, "review"),
            Lies("intranet", SAKURA, "012", "corrections", gone=True),
            Heard("staff", "put_back"),
            Said(
                "Another one copies it there: the copy goes into quarantine before anything travels.",
                "別の職員がコピーしてしまいます。コピーは外へ出る前に隔離されます。",
            ),
            Drag("intranet", HIMAWARI, INVOICE, "review", "corrections", into=SAKURA, copy=True),
            Lies("intranet", SAKURA, "012", "corrections", gone=True),
            Quarantined(1),
            Heard("staff", "foreign_file"),
            Said(
                "ひまわり保育園 moves its own invoice to confirmed. That is the ward's to do: put back, told why.",
                "ひまわり保育園が自分で請求書を「4_確認済」へ移します。区の仕事なので元へ戻り、理由が知らされます。",
            ),
            Drag("cloud", HIMAWARI, INVOICE, "review", "confirmed"),
            Lies("cloud", HIMAWARI, INVOICE, "review"),
            Heard("himawari", "put_back"),
        ),
    ),
    Scene(
        Said("The end of the month", "月末"),
        (
            Said("Staff confirm what is left.", "職員が残りを確認済みにします。"),
            Drag("intranet", HIMAWARI, INVOICE, "review", "confirmed"),
            Drag("intranet", SAKURA, ADDITIONS, "review", "confirmed"),
            *both(HIMAWARI, INVOICE, "confirmed"),
            *both(SAKURA, ADDITIONS, "confirmed"),
            Heard("himawari", "confirmed"),
            Heard("sakura", "confirmed"),
        ),
    ),
)

WHERE_TO_LOOK: tuple[tuple[str, Said], ...] = (
    ("{cloud}", Said("what the nurseries see", "園から見えるフォルダー")),
    ("{folder}/intranet", Said("what staff see", "職員から見えるフォルダー")),
    ("{folder}/chat", Said("what chat said, a folder for each room", "届いた連絡（部屋ごと）")),
    ("{folder}/rules", Said("a rule for each document type", "書類の種類ごとの規則")),
    ("{syncd} history -c {config}", Said("who moved what, when and why", "誰が、いつ、何を、なぜ動かしたか")),
    ("{syncd} status -c {config}", Said("how things stand", "いまの状況")),
    (
        "{box}",
        Said("start this Box again: what follows asks it", "この Box をもう一度動かす（次のコマンドに必要）"),
    ),
    (
        "{syncd} why -c {config} {paper}",
        Said("one file's story, and what may be done with it", "ある書類の経過と、次にできること"),
    ),
    ("{syncd} run -c {config}", Said("start it again, and drag files yourself", "もう一度動かして、自分で試す")),
)
