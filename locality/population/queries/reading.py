"""What a refresh reads, as a database role that can read nothing else: the one read outside the predicate."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.csv as arrow_csv
from django.db import connection, transaction
from psycopg.sql import SQL, Literal

from locality.access.rules import ObjectionKind
from locality.population.rules.copier import COPIER

BLOCK = 1 << 22

TEXT, DAY, MOMENT, YES, NUMBER = pa.string(), pa.date32(), pa.timestamp("us"), pa.bool_(), pa.float64()
FACE = {
    "id": TEXT, "held": TEXT, "birth_month": DAY, "sex": TEXT, "small_area": TEXT, "ward": TEXT, "neighbourhood": TEXT,
    "deprivation": pa.int16(), "practice": TEXT, "died": YES, "died_on": DAY, "protected": YES, "has_postcode": YES,
    "postcode_known": YES, "practice_known": YES, "left_on": DAY, "opted_out": YES,
}  # fmt: skip
LINE = {
    "patient": TEXT, "source": TEXT, "sender": TEXT, "type": TEXT, "topic": TEXT, "about": TEXT, "encounter": TEXT,
    "kept_back": TEXT, "system": TEXT, "code": TEXT, "said": TEXT, "number": NUMBER, "unit": TEXT,
    "happened_at": MOMENT, "ends_at": MOMENT, "happened_on": DAY, "ends_on": DAY, "happened_length": pa.int32(),
    "status": TEXT, "state": TEXT, "heard_on": DAY, "not_to_be_given": YES, "class": TEXT, "method": TEXT,
    "service": TEXT, "place": TEXT, "visit": TEXT, "ready_text": TEXT, "ranks": TEXT, "fell": YES,
    "verification": TEXT, "category": TEXT, "icd10": TEXT, "answer": TEXT, "yes_or_no": TEXT, "systolic": NUMBER,
    "diastolic": NUMBER, "ethnicity": TEXT, "opts_out": YES,
}  # fmt: skip
FACES = SQL("""
select person as id, held, birth_month, sex, small_area, ward, neighbourhood, deprivation,
    case when practice_known or practice ~ '^[A-Z][A-Z0-9]{{4,5}}$' then practice end, died, died_on, protected,
    has_postcode, postcode_known, practice_known, case when practice_ended_on <= {on} then practice_ended_on end,
    exists (
        select from population_objection objection where objection.person = population_face.person
            and objection.kind = {kind} and starts_on <= {on} and (ends_on is null or ends_on > {on})
    )
from population_face where not earlier
""")
OBJECTING = """
select person::text, organisation::text from population_objection
where kind = %s and starts_on <= %s and (ends_on is null or ends_on > %s)
"""
NEWS = """
with told as (select %(snapshot)s::pg_snapshot as snapshot), read as (
    select news.patient_id, news.person_id, news.xmin::text::bigint
        + ((pg_snapshot_xmax(pg_current_snapshot())::text::bigint >> 32) << 32) as writer
    from journal_news news where news.id > %(settled)s
)
select distinct patient_id, person_id from read, told where patient_id is not null
    -- a number above the newest transaction's is of the epoch before
    and not pg_visible_in_snapshot((case
        when writer >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint and writer > 4294967296
        then writer - 4294967296 else writer
    end)::text::xid8, told.snapshot)
"""
MOMENT_NOW = """
select pg_current_snapshot()::text, (select coalesce(max(id), 0) from journal_news),
    (select concat_ws(':', base.oid, held.oid, held.xmin) from pg_database base, pg_class held
        where base.datname = current_database() and held.oid = 'record_resource'::regclass)
"""


@contextmanager
def as_copier() -> Iterator[None]:
    """For a while, the database takes us for the role of the analytical copy: it reads its views, and nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select current_setting('role')")
        before = cursor.fetchone()[0]
        cursor.execute(f"set local role {COPIER}")
        yield
        cursor.execute(SQL("select set_config('role', {}, true)").format(Literal(before)))


def moment() -> tuple[str, int, str]:
    """The snapshot of now, the highest news that it shows, and which database this is."""
    with connection.cursor() as cursor:
        cursor.execute(MOMENT_NOW)
        return cursor.fetchone()


def about_how_many_lines() -> int:
    """How many lines the record has, as the database's own statistics last counted them."""
    with connection.cursor() as cursor:
        cursor.execute("select greatest(reltuples, 0)::bigint from pg_class where oid = 'record_resource'::regclass")
        return cursor.fetchone()[0]


def finished_before(*, snapshot: str, horizon: str) -> bool:
    """Whether everybody who was at work when a snapshot (`horizon`) was taken had finished at another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_snapshot_xmin(%s::pg_snapshot) >= pg_snapshot_xmax(%s::pg_snapshot)", [snapshot, horizon]
        )
        return cursor.fetchone()[0]


def patients_in_the_news(*, snapshot: str, settled: int) -> list[UUID]:
    """Of whom news was written that a snapshot did not show, in whatever order their writers finished."""
    with connection.cursor() as cursor:
        cursor.execute(NEWS, {"snapshot": snapshot, "settled": settled})
        return list({patient for patient, _ in cursor})


def faces(*, on: date) -> "Rows":
    """Everybody, made coarse, without an earlier identity; as the copier."""
    return Rows(FACES.format(on=Literal(on), kind=Literal(ObjectionKind.SECONDARY_USE)), FACE)


def objecting(*, on: date) -> list[tuple[str, str | None]]:
    """Who objects to sharing, and of which organisation (none: of all); as the copier."""
    with connection.cursor() as cursor:
        cursor.execute(OBJECTING, [ObjectionKind.SHARING, on, on])
        return cursor.fetchall()


def holdings() -> "Rows":
    """Which patient is whose; as the copier."""
    return Rows(SQL("select patient, person from population_holding"), {"patient": TEXT, "id": TEXT})


def lines(*, patients: Sequence[UUID] | None) -> "Rows":
    """Every line of the record about these patients, or about all; as the copier."""
    columns = SQL(", ").join(SQL(f'"{name}"') for name in LINE)
    words = SQL("select {} from population_resource").format(columns)
    if patients is not None:
        words += SQL(" where patient = any({})").format(Literal(list(patients)))
    return Rows(words, LINE)


class Rows:
    """The answer to a question, streamed in columns: `with rows as reader` gives Arrow's reader of batches."""

    def __init__(self, words: Any, columns: dict[str, pa.DataType]) -> None:
        self._words, self._columns = words, columns

    def __enter__(self) -> pa.RecordBatchReader:
        self._cursor = connection.cursor()
        self._copying = self._cursor.copy(SQL("copy ({}) to stdout (format csv)").format(self._words))
        told = _Bytes(self._copying.__enter__())
        if not told.begins:
            # Arrow takes no columns from nothing
            return pa.RecordBatchReader.from_batches(pa.schema(list(self._columns.items())), [])
        return arrow_csv.open_csv(
            pa.PythonFile(told, mode="r"),
            read_options=arrow_csv.ReadOptions(column_names=list(self._columns), block_size=BLOCK),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=self._columns, null_values=[""], strings_can_be_null=True,
                quoted_strings_can_be_null=False, true_values=["t"], false_values=["f"],
            ),
        )  # fmt: skip

    def __exit__(self, *failure: Any) -> None:
        self._copying.__exit__(*failure)
        self._cursor.close()


class _Bytes:
    """What PostgreSQL sends, a row at a time, read as a file is."""

    closed = False

    def __init__(self, copying: Any) -> None:
        self._copying, self._left = copying, bytes(copying.read())
        self.begins = bool(self._left)

    def read(self, size: int = -1) -> bytes:
        parts, held = [self._left], len(self._left)
        while held < size or size < 0:
            row = self._copying.read()
            if not row:
                break
            parts.append(row)
            held += len(row)
        told = b"".join(parts)
        self._left = told[size:] if size >= 0 else b""
        return told[:size] if size >= 0 else told

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True
