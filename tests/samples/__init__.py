"""The sample forms of the shipped rules: for each document type a good one and one for every fault its rule finds.

Pure functions of a nursery and a month, the same bytes each time. `python -m tests.samples` writes those of the default
facility into `rules/samples/`, where `syncd rules test` finds them.
"""

from __future__ import annotations

from tests.samples.table import MONTH, NURSERY, SAMPLES, Sample

__all__ = ["MONTH", "NURSERY", "SAMPLES", "Sample"]
