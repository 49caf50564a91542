"""`syncd versions` and `syncd recover`: every content comes back, verified, and nothing is overwritten."""

from __future__ import annotations

import hashlib

from tests.cli.ward import ENROLMENT, Ward
from tests.samples import tiny

PATH = f"cloud/ひまわり保育園/review/{ENROLMENT}"
FIRST, SECOND = tiny.workbook("first"), tiny.workbook("second")


def sent_twice(ward: Ward) -> None:
    ward.drop(ENROLMENT, "first")
    ward.work()
    ward.drop(ENROLMENT, "second")
    ward.work()


def test_lists_every_content_with_where_it_lies(ward: Ward) -> None:
    sent_twice(ward)
    found = ward.json("versions", PATH)
    assert [one["version"] for one in found] == [1, 2]
    assert [one["sha1"] for one in found] == [hashlib.sha1(each).hexdigest() for each in (FIRST, SECOND)]
    assert [one["where"] for one in found] == [[], ["review (cloud and intranet)"]]
    assert {one["origin"] for one in found} == {"operator"}
    text = ward.run("versions", PATH).stdout
    assert "only kept" in text and "sent by the operator" in text


def test_recovers_by_number_by_hash_and_by_itself(ward: Ward) -> None:
    sent_twice(ward)
    out = ward.folder / "out"
    for version, content in (
        ([], FIRST),
        (["2"], SECOND),
        ([hashlib.sha1(SECOND).hexdigest()[:8]], SECOND),
    ):
        result = ward.run("recover", PATH, *version, "--to", str(out))
        assert result.exit_code == 0, result.output
        newest = max(out.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        assert result.stdout.splitlines()[-1] == str(newest)
        assert newest.read_bytes() == content
    assert {path.name for path in out.iterdir()} == {
        ENROLMENT,
        ENROLMENT.replace(".xlsx", " (2).xlsx"),
        ENROLMENT.replace(".xlsx", " (3).xlsx"),
    }


def test_here_is_the_default(ward: Ward) -> None:
    sent_twice(ward)
    assert ward.run("recover", PATH, "1").exit_code == 0
    assert (ward.folder / ENROLMENT).read_bytes() == FIRST


def test_a_file_that_no_longer_exists(ward: Ward) -> None:
    path = ward.drop("報告.xlsx", "precious")
    ward.work()
    path.unlink()
    ward.work()
    assert not path.exists()
    assert ward.json("versions", str(path))[0]["where"] == []
    assert ward.run("recover", str(path)).exit_code == 0
    assert (ward.folder / "報告.xlsx").read_bytes() == tiny.workbook("precious")


def test_a_version_that_there_is_not(ward: Ward) -> None:
    sent_twice(ward)
    for version in ("0", "3", "zz", "abcd"):
        assert ward.run("recover", PATH, version).exit_code == 2
    result = ward.run("versions", "cloud/ひまわり保育園/review/nothing.xlsx")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_damaged_bytes_are_not_handed_out(ward: Ward) -> None:
    sent_twice(ward)
    sha1 = hashlib.sha1(FIRST).hexdigest()
    kept = ward.folder / "state" / "versions" / sha1[:2] / sha1
    kept.chmod(0o600)
    kept.write_bytes(b"frist")
    result = ward.run("recover", PATH, "1")
    assert (result.exit_code, "damaged" in result.stderr) == (1, True)
    assert not (ward.folder / ENROLMENT).exists()
    assert not list(ward.folder.glob(".*.tmp"))
