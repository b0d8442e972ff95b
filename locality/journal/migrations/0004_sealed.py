"""Events get a number and lie in parts; seals are appended beside them. The application may only add to either."""

from django.db import migrations, models
from django.db.models import Q

PARTS, PART = 8, 25_000_000

COLUMNS = (
    "at, what, outcome, by_kind, by_id, role, organisation_id, purpose, person_id, about_id, reason, detail"
)

# A sequence of its own: before PostgreSQL 17 a parted table cannot have an identity column. Whoever takes a number
# has its transaction's number first, so that the sealing knows for whom to wait.
TABLE = f"""
alter table journal_event rename to journal_event_before;
drop index event_by_person, event_by_viewer;
create sequence journal_event_id_seq;
create table journal_event (
    id bigint not null default (
        case when pg_current_xact_id() is not null then nextval('journal_event_id_seq') end
    ) primary key,
    at timestamptz not null,
    what text not null,
    outcome text not null,
    by_kind text not null,
    by_id uuid not null,
    role text not null,
    organisation_id uuid,
    purpose text not null,
    person_id uuid,
    about_id uuid,
    reason text not null,
    detail jsonb not null,
    constraint event_outcome_is_done_or_refused check (outcome in ('done', 'refused'))
) partition by range (id);
alter sequence journal_event_id_seq owned by journal_event.id;
create index event_by_person on journal_event (person_id, at desc);
create index event_by_viewer on journal_event (by_id, at desc);
"""

PARTITIONS = "".join(
    f"create table journal_event_{number} partition of journal_event"
    f" for values from ({number * PART}) to ({(number + 1) * PART});\n"
    f"revoke all on journal_event_{number} from locality_app;\n"
    for number in range(PARTS)
) + """
create table journal_event_beyond partition of journal_event default;
revoke all on journal_event_beyond from locality_app;
"""

MOVE = f"""
insert into journal_event ({COLUMNS}) select {COLUMNS} from journal_event_before order by id;
drop table journal_event_before;
revoke update, delete, truncate on journal_event from locality_app;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_append_only")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLE + PARTITIONS + MOVE)],
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="id",
                    field=models.BigAutoField(primary_key=True, serialize=False),
                )
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("last_event", models.BigIntegerField()),
                ("events", models.IntegerField()),
                ("digest", models.BinaryField()),
                ("head", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(id__gte=1, events__gte=1), name="seal_holds_events"),
                    models.UniqueConstraint(fields=["last_event"], name="seal_ends_where_no_other_does"),
                ],
            },
        ),
        migrations.RunSQL(
            "revoke update, delete, truncate on journal_seal from locality_app",
            "grant update, delete on journal_seal to locality_app",
        ),
    ]
