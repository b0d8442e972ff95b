"""Many rows at once: COPY into a staging table of this transaction, then INSERT.

COPY straight into the record would be refused once row-level security holds there; the staging table has none.
"""

from uuid import UUID

from locality.record.headlines import Headline, trend_key

COLUMNS = {
    "id": "uuid",
    "thing": "uuid",
    "version": "int4",
    "is_current": "bool",
    "removed": "bool",
    "source_id": "uuid",
    "patient_id": "uuid",
    "intake_id": "uuid",
    "original_id": "uuid",
    "type": "text",
    "local_id": "text",
    "content": "bytea",
    "digest": "bytea",
    "received_at": "timestamptz",
    "said_at": "timestamptz",
    "said_no": "int8",
    "topic": "text",
    "code": "text",
    "code_system": "text",
    "title": "text",
    "value": "text",
    "value_number": "numeric",
    "unit": "text",
    "happened_at": "timestamptz",
    "happened_text": "text",
    "ends_at": "timestamptz",
    "status": "text",
    "state": "text",
    "author": "text",
    "encounter": "text",
    "group_key": "text",
    "trend": "text",
    "caution": "text",
    "data_class": "text",
    "label": "text",
    "seal": "text",
    "sender_id": "uuid",
}
_NAMES = ", ".join(COLUMNS)
STAGE = (
    "create temporary table if not exists arriving ("
    + ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    + ") on commit delete rows"
)
COPY = f"copy arriving ({_NAMES}) from stdin (format binary)"
INSERT = f"""
with written as (
    insert into record_resource ({_NAMES}) select {_NAMES} from arriving order by thing
    on conflict (thing, digest) do nothing
    returning patient_id
)
select patient_id, count(*) from written group by patient_id
"""  # noqa: S608 -- only the names above stand in it
# a headline is text of ours: never so long that an index or a line cannot hold it
LONGEST = 2000


def insert(cursor, rows: list[tuple]) -> dict[UUID | None, int]:  # type: ignore[no-untyped-def]
    """Insert rows given in the order of COLUMNS; returns how many were new, by patient."""
    if not rows:
        return {}
    cursor.execute(STAGE)
    cursor.execute("truncate arriving")
    with cursor.copy(COPY) as copy:
        copy.set_types(list(COLUMNS.values()))
        for row in rows:
            copy.write_row(row)
    cursor.execute(INSERT)
    return dict(cursor.fetchall())


def trend_of(line: Headline) -> str:
    """The trend a headline belongs to, as its column holds it."""
    return trend_key(line)
