"""The share as it is shipped: Samba takes it, everybody may what they should, and every file is syncd's."""

from __future__ import annotations

from pathlib import Path

from tests.samba.conftest import NewShared, on_share
from tests.samba.server import ACCOUNTING, READER, Person, Samba

NAME = "012_202610_証憑_1.pdf"


def test_samba_has_nothing_against_it(samba: Samba) -> None:
    shares, said = samba.testparm()
    assert "[syncd]" in shares and "[syncd-confirmed]" in shares
    assert "full_audit:prefix = %T|%U|%I|%S" in shares
    assert "WARNING" not in said.upper() and "Unknown parameter" not in said


def test_who_may_what(samba: Samba, shared: NewShared, staff: tuple[Person, Person], tmp_path: Path) -> None:
    ward, (one, other) = shared(), staff
    (tmp_path / "a").write_bytes(b"a")
    for stage in ("inbox", "review", "corrections", "confirmed"):
        assert one.put(tmp_path / "a", on_share(ward, f"{stage}/a.pdf")) == ""
        assert other.rename(on_share(ward, f"{stage}/a.pdf"), on_share(ward, f"{stage}/b.pdf")) == ""
    with samba.person(READER) as reader, samba.person(ACCOUNTING, "syncd-confirmed") as accounting:
        assert "b.pdf" in reader.listed(on_share(ward, "review/*"))
        assert "DENIED" in reader.put(tmp_path / "a", on_share(ward, "review/c.pdf"))
        assert "NT_STATUS" in reader.rename(on_share(ward, "review/b.pdf"), on_share(ward, "confirmed/c.pdf"))
        assert "b.pdf" in accounting.listed(on_share(ward, "confirmed/*"))
        assert "b.pdf" not in accounting.listed(on_share(ward, "review/*"))
        assert "DENIED" in accounting.put(tmp_path / "a", on_share(ward, "confirmed/c.pdf"))
    assert ".syncd" not in one.listed(f"{ward.folder.name}/intranet/*")
    with samba.person(READER, "syncd-confirmed") as stranger:
        assert "DENIED" in stranger.listed("*")


def test_every_file_is_the_forced_accounts_and_others_have_no_rights(
    shared: NewShared, staff: tuple[Person, Person], tmp_path: Path
) -> None:
    ward = shared()
    (tmp_path / "a").write_bytes(b"a")
    for person in staff:
        assert person.put(tmp_path / "a", on_share(ward, f"corrections/{person.name}.pdf")) == ""
    for path in ward.intranet("corrections").iterdir():
        status = path.stat()
        assert (status.st_uid, status.st_mode & 0o007) == (0, 0)
