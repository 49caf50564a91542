"""Whatever goes into the database comes out equal, also names that no encoding likes."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncd.model import (
    By,
    Effect,
    Kept,
    Move,
    Place,
    Placement,
    Prepared,
    Quarantined,
    Record,
    Role,
    Side,
    Sighting,
    Stage,
    Telling,
    TrackedFile,
)
from syncd.store import Store
from syncd.store.columns import (
    FILE,
    SIGHTING,
    bound,
    file_in,
    file_out,
    move_in,
    move_out,
    prepared_in,
    prepared_out,
    printable,
    sighting_in,
    sighting_out,
    text,
)

# Python carries bytes that are not UTF-8 as U+DC80…U+DCFF
NAMES = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\udc80\udce3\udcff"), max_size=8)
WORDS = st.text(max_size=5)
IDS = st.integers(-(2**40), 2**40)
SIZES = st.integers(0, 2**50)
TIMES = st.floats(0, 1e11)
STAGES = st.sampled_from(Stage)
MAYBE = st.none() | WORDS
PLACES = st.builds(Place, st.none() | STAGES, NAMES)
PLACEMENTS = st.builds(Placement, PLACES, WORDS, WORDS, SIZES, WORDS)
FILES = st.builds(
    TrackedFile,
    id=IDS,
    line=IDS,
    operator=WORDS,
    role=st.sampled_from(Role),
    name=NAMES,
    document=MAYBE,
    period=MAYBE,
    cloud=st.none() | PLACEMENTS,
    intranet=st.none() | PLACEMENTS,
    submitted=MAYBE,
    offered=MAYBE,
    brought_by=st.sampled_from(By),
    submission=st.integers(1, 99),
    arrived_at=TIMES,
    entered_at=TIMES,
    told=st.lists(NAMES, max_size=2).map(tuple),
    note_for=st.lists(IDS, max_size=2).map(tuple),
    untyped=st.booleans(),
)
SIGHTINGS = st.builds(
    Sighting,
    side=st.just(Side.CLOUD),
    place=PLACES,
    identity=WORDS,
    size=SIZES,
    etag=WORDS,
    modified_at=TIMES,
    sha1=MAYBE,
    waits=st.none() | st.sampled_from(["open", "unsafe"]),
    actor=NAMES,
)


def several(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


MOVES = st.builds(
    Move,
    gesture=WORDS,
    operator=WORDS,
    effects=several(
        st.builds(
            Effect,
            kind=st.sampled_from(["place", "replace", "move", "remove"]),
            side=st.sampled_from(Side),
            file=IDS,
            source=st.none() | PLACES,
            target=st.none() | PLACES,
            identity=WORDS,
            size=SIZES,
            purge=st.booleans(),
            operator=WORDS,
        )
    ),
    after=several(FILES),
    closes=several(IDS),
    records=several(
        st.builds(
            Record,
            operator=WORDS,
            document=MAYBE,
            period=MAYBE,
            file=NAMES,
            from_stage=st.none() | STAGES,
            to_stage=st.none() | STAGES,
            by=st.sampled_from(By),
            sha1=MAYBE,
        )
    ),
    tellings=several(
        st.builds(
            Telling,
            audience=st.sampled_from(["operator", "staff", "administrators"]),
            name=NAMES,
            from_stage=st.none() | STAGES,
            to_stage=st.none() | STAGES,
            document=MAYBE,
            period=MAYBE,
            undoes=st.booleans(),
            values=st.dictionaries(WORDS, NAMES, max_size=2),
        )
    ),
    kept=several(st.builds(Kept, file=IDS, side=st.sampled_from(Side), name=NAMES, origin=st.just("edit"))),
    quarantined=several(st.builds(Quarantined, name=NAMES)),
    texts=several(WORDS),
    remarks=several(NAMES),
)


@given(MOVES)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_move_comes_back_equal(move: Move) -> None:
    assert move_in(move_out(move)) == move


@given(st.dictionaries(st.integers(0, 99), st.builds(Prepared), max_size=3))
@settings(deadline=None, max_examples=30)
def test_prepared_bytes_come_back_equal(prepared: dict[int, Prepared]) -> None:
    assert prepared_in(prepared_out(prepared)) == prepared


@given(st.lists(FILES, max_size=2), st.lists(SIGHTINGS, max_size=2))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_files_and_sightings_come_back_equal_through_the_database(
    files: list[TrackedFile], sightings: list[Sighting]
) -> None:
    store = Store(Path("/nowhere"), read_only=True)  # an empty one in memory
    for table, columns, rows in (
        ("f", FILE, [file_out(file) for file in files]),
        ("s", SIGHTING, [sighting_out(sighting) for sighting in sightings]),
    ):
        marks = ", ".join("?" * len(columns.split(",")))
        store.execute(f"CREATE TEMP TABLE {table} ({columns})")
        store.execute_many(f"INSERT INTO {table} VALUES ({marks})", rows)
    assert [file_in(row) for row in store.rows("SELECT * FROM f ORDER BY rowid")] == files
    assert [sighting_in(Side.CLOUD, row) for row in store.rows("SELECT * FROM s ORDER BY rowid")] == sightings
    store.close()


@given(st.text(st.characters(exclude_categories=[]), max_size=8))
def test_every_string_fits_a_column_and_a_printable_one_is_text(name: str) -> None:
    assert text(bound(name)) == name
    printable(name).encode()
