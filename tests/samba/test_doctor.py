"""`syncd doctor` on the share: as it is shipped all is well; what is set otherwise is a FAULT with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.config import load
from syncd.diagnosis import Diagnosis
from syncd.examination.samba import samba as examined
from tests.samba.conftest import NewShared
from tests.samba.server import Samba

Doctor = Callable[..., list[Diagnosis]]


@pytest.fixture
def doctor(samba: Samba, shared: NewShared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """What it says of the intranet when smb.conf has `new` in the place of `old`, and `audit` is configured."""
    config = load(shared().config_path)

    def ask(old: str = "", new: str = "", audit: Path | None = samba.audit) -> list[Diagnosis]:
        share = (samba.folder / "syncd-share.conf").read_text(encoding="utf-8")
        assert old in share
        (tmp_path / "syncd-share.conf").write_text(share.replace(old, new), encoding="utf-8")
        whole = samba.config.read_text(encoding="utf-8").replace(f"include = {samba.folder}", f"include = {tmp_path}")
        (tmp_path / "smb.conf").write_text(whole, encoding="utf-8")
        monkeypatch.setenv("SMB_CONF_PATH", str(tmp_path / "smb.conf"))
        return list(examined(replace(config, intranet=replace(config.intranet, audit_log=audit))))

    return ask


def test_the_share_as_it_is_shipped_is_in_order(doctor: Doctor) -> None:
    assert [(each.check, each.state) for each in doctor()] == [("audit log", "ok"), ("samba", "ok")]


@pytest.mark.parametrize(
    ("old", "new", "said", "remedy"),
    [
        ("force user = root", "", "no `force user = root`", "chown -R root"),
        ("force user = root", "force user = games", "no `force user = root`", "chown -R root"),
        ("vfs objects = full_audit", "", "no `vfs objects = full_audit`", "docs/share.md"),
        ("%T|%U|%I|%S", "%u|%I", "names nobody", "docs/share.md"),
        ("renameat unlinkat", "unlinkat", "doesn't tell renameat", "full_audit:success"),
        ("syslog = false", "syslog = true", "system's log", "full_audit:syslog = false"),
    ],
)
def test_what_is_wrong_is_a_fault(doctor: Doctor, old: str, new: str, said: str, remedy: str) -> None:
    (found,) = [each for each in doctor(old, new) if each.check == "samba"]
    assert found.state == "fault"
    assert said in found.detail and remedy in found.remedy


def test_a_log_that_cannot_be_read(doctor: Doctor, tmp_path: Path) -> None:
    found = doctor(audit=tmp_path / "gone.log")[0]
    assert (found.check, found.state) == ("audit log", "fault") and "who did what" in found.detail


def test_a_log_that_nobody_reads_leaves_the_forced_account_in_the_history(doctor: Doctor) -> None:
    (found,) = doctor(audit=None)
    assert found.state == "warning" and "is root in the history" in found.detail


def test_another_trees_share_is_no_concern(doctor: Doctor, samba: Samba, tmp_path: Path) -> None:
    assert [each.check for each in doctor(str(samba.share), str(tmp_path))] == ["audit log"]
