"""When somebody was last heard of, of what is held already."""

from django.db import migrations

# what is held already was heard of when it was received; the wall stands before it, and is down for this transaction
FILL = """
select set_config('locality.wall', 'down', true);
insert into record_heard (patient_id, data_class, sender_id, at)
select patient_id, data_class, min(sender_id::text)::uuid, max(received_at)
from record_resource row
where patient_id is not null and is_current and not removed and state <> 'wrong' and label = 'N' and seal = ''
    and not exists (
        select from access_personseal sealed where sealed.thing = row.thing and sealed.ended_at is null
    )
group by patient_id, data_class;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_marks"), ("record", "0006_heard")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
