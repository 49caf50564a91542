"""What is said beside the story: who is who in Box, what Box was asked for, and where to look when all is over."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections import Counter
from pathlib import Path

import click

from syncd.demo.box import MODULE, Box, BoxHands
from syncd.demo.days import Days, Language
from syncd.demo.pages import PROGRESS, STATUS
from syncd.demo.papers import INVOICE
from syncd.demo.processes import ABOVE
from syncd.demo.steps import Said
from syncd.demo.ward import NURSERIES, STAGES, Ward

WHERE_TO_LOOK: tuple[tuple[str, Said], ...] = (
    (f"{{folder}}/intranet/{PROGRESS}", Said("the whole ward's month on one page", "区全体の1か月")),
    ("{status}", Said("the same for one nursery, in plain words", "園ごとの状況")),
    ("{cloud}", Said("what the nurseries see", "園から見えるフォルダー")),
    ("{folder}/intranet", Said("what staff see", "職員から見えるフォルダー")),
    ("{folder}/chat", Said("what chat said, a folder for each room", "届いた連絡（部屋ごと）")),
    ("{folder}/rules", Said("a rule for each document type", "書類の種類ごとの規則")),
    ("{syncd} history -c {config}", Said("who moved what, when and why", "誰が、いつ、何を、なぜ動かしたか")),
    ("{syncd} checklist -c {config} --period {month}", Said("what is missing of the month", "その月に足りない書類")),
    ("{syncd} status -c {config}", Said("how things stand", "いまの状況")),
    (
        "{box}",
        Said("start this Box again: what follows asks it", "この Box をもう一度動かす（次のコマンドに必要）"),
    ),
    (
        "{syncd} why -c {config} {paper}",
        Said("one file's story, and what may be done with it", "ある書類の経過と、次にできること"),
    ),
    (
        "{syncd} run -c {config}",
        Said("start it again, by today's date, and drag files yourself", "もう一度、今日の日付で動かして、自分で試す"),
    ),
)


def invited(nurseries: BoxHands, language: Language) -> None:
    """Says who is who in Box."""
    japanese = language == "ja"
    said = (
        "Box で園ごとの利用者をその園のフォルダーに招待（履歴にはこの名前で残ります）:"
        if japanese
        else "In Box, each nursery's user is invited to its folder; the history names them so:"
    )
    click.echo(click.style(f"\n{said}", bold=True))
    for folder, login in nurseries.logins().items():
        click.echo(click.style(f"    cloud    {folder}: {login}", fg="yellow"))


def calls(ward: Ward, language: Language) -> None:
    """Says in one line what syncd asked Box for."""
    counted = asked_of_box(ward)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])))
    total = sum(counted.values())
    said = f"syncd が Box に送った要求: {total}件" if language == "ja" else f"What syncd asked of Box: {total} calls"
    click.echo(click.style(f"\n{said} ({kinds})", bold=True))


def asked_of_box(ward: Ward) -> Counter[str]:
    """Calls by kind, over all days of the story: `syncd status` counts those of this month."""
    from syncd.store import Store
    from syncd.store.cloud_items import CloudItems

    store = Store(ward.folder / "state", read_only=True)
    try:
        days = CloudItems(store).calls_since("")
    finally:
        store.close()
    return sum(map(Counter, days.values()), Counter[str]())


def farewell(ward: Ward, days: Days, language: Language, seconds: float, messages: int, simulated: Box | None) -> None:
    """Says how long it took, and where to look."""
    config = _shown(ward.config)
    folder = os.path.dirname(config) or "."
    places = {
        "folder": folder,
        "syncd": _program(),
        "config": config,
        "paper": _a_paper(days),
        "month": f"{days.month[0]}-{days.month[1]:02}",
        "status": "" if simulated else f"{folder}/cloud/{NURSERIES[2].folder}/{STATUS}",
        "cloud": "Box (simulated)" if simulated else f"{folder}/cloud",
        "box": _again(ward, simulated) if simulated else "",
    }
    japanese = language == "ja"
    title = (
        f"{seconds:.0f}秒、連絡{messages}件。見る所:"
        if japanese
        else f"Done in {seconds:.0f} s, {messages} messages. Look at:"
    )
    click.echo(click.style(f"\n{title}", bold=True))
    for template, said in WHERE_TO_LOOK:
        if place := template.format(**places):
            click.echo(f"  {place}")
            click.echo(f"      {said.ja if japanese else said.en}")


def _shown(path: Path) -> str:
    """As it is typed here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _program() -> str:
    """What is typed for syncd: its name where it is found, else the way to it."""
    if shutil.which("syncd"):
        return "syncd"
    started = Path(sys.argv[0])
    return _shown(started) if started.name == "syncd" else f"{_shown(Path(sys.executable))} -m syncd"


def _again(ward: Ward, simulated: Box) -> str:
    """What starts the same Box again; the simulator is found from the clone only."""
    at_home = Path.cwd() == ABOVE
    python, data = (_shown(Path(sys.executable)), _shown(ward.box)) if at_home else (sys.executable, str(ward.box))
    line = shlex.join([python, "-m", MODULE, "--port", str(simulated.port), "--data", data])
    return line if at_home else f"cd {shlex.quote(str(ABOVE))} && {line}"


def _a_paper(days: Days) -> str:
    nursery = NURSERIES[0]
    return f"{nursery.folder}/{STAGES['review']}/{INVOICE.name(nursery, days.month)}"
