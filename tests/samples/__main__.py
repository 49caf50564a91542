"""Writes the samples of the default facility into rules/samples/, and takes away what is none of them."""

from __future__ import annotations

from syncd.packaged import rules_folder
from tests.samples import MONTH, NURSERY, SAMPLES

FOLDER = rules_folder() / "samples"

FOLDER.mkdir(exist_ok=True)
for path in FOLDER.iterdir():
    path.unlink()
for sample in SAMPLES:
    (FOLDER / sample.file).write_bytes(sample.make(NURSERY, MONTH))
