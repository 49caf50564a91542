"""The demo, as somebody who has just installed syncd starts it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from syncd.demo.month import MONTH
from tests.demo.commands import OUTCOMES, syncd

SAID = """
    【受領】 【到着】 【修正のお願い】 【再提出】 【確認待ち】 【確認中】 【書類の種類が分かりません】 【隔離しました】
    【確認済み】 【元の場所に戻しました】 【別施設のファイル】 【修正案の確認】 【了承】 【提出のお願い】 【期限超過】
"""


def test_the_month_is_played_and_can_be_looked_at(tmp_path: Path) -> None:
    begun = time.monotonic()
    done = syncd(tmp_path, "demo")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-2000:] + done.stderr
    assert time.monotonic() - begun < 100  # about 30 s on a machine with nothing else to do
    for number, scene in enumerate(MONTH, 1):
        assert f"{number}. {scene.title.en}" in done.stdout
    for said in SAID.split():
        assert said in done.stdout
    assert "年齢別の計57人と合計58人が一致しません" in done.stdout
    assert "対象児童数63人が、在籍児童数報告書の合計62人と一致しません" in done.stdout
    assert "13.4 → 12.4" in done.stdout
    assert "syncd history -c demo/config.yaml" in done.stdout

    status = json.loads(syncd(tmp_path, "status", "--json", "-c", "demo/config.yaml").stdout)
    assert [one["files"]["confirmed"] for one in status["operators"]] == [7, 7, 6]
    assert status["notices"] == {"waiting": 0, "failed": 0}
    rows = [
        json.loads(line) for line in syncd(tmp_path, "history", "--json", "-c", "demo/config.yaml").stdout.splitlines()
    ]
    assert {row["outcome"] for row in rows} >= OUTCOMES
    times = [row["at"] for row in rows]
    assert times == sorted(times)
    log = (tmp_path / "demo" / "syncd.log").read_text(encoding="utf-8")
    assert "Traceback" not in log and "Warning" not in log and "ERROR" not in log

    # both sides agree when nobody does anything any more; each has its own page that shows how things stand
    sides, pages = [], []
    for side in ("cloud", "intranet"):
        root = tmp_path / "demo" / side
        files = [path for path in root.rglob("*") if path.is_file() and ".syncd" not in path.parts]
        sides.append({str(path.relative_to(root)) for path in files if "状況." not in path.name})
        pages.append(sorted(path.name for path in files if "状況." in path.name))
    assert sides[0] == sides[1]
    assert pages == [["提出状況.pdf"] * 3, ["進捗状況.html", "進捗状況.xlsx"]]

    # the page counts what the checklist does
    (month,) = re.findall(r"--period (\S+)", done.stdout)
    listed = syncd(tmp_path, "checklist", "--json", "--period", month, "-c", "demo/config.yaml").stdout
    states = [line["state"] for line in json.loads(listed)]
    year, number = month.split("-")
    assert f"{year}年{int(number)}月分 完了 {states.count('confirmed')} / " in done.stdout
    assert f"区が対応 {states.count('review')}件" in done.stdout
    assert syncd(tmp_path, "plan", "-c", "demo/config.yaml").stdout == "nothing to do\n"
