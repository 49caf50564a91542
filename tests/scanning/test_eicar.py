"""The test text is the one that every scanner knows."""

from __future__ import annotations

import hashlib

from syncd.scanning import eicar


def test_it_is_the_text_that_everybody_means_by_it() -> None:
    assert hashlib.md5(eicar(), usedforsecurity=False).hexdigest() == "44d88612fea8a8f36de82e1278abb02f"
    assert len(eicar()) == 68
