"""The database's own wall before the record: rows of patients and classes that this transaction opened, and no others.

Without a setting nothing is shown. What names nobody (a source's practitioners and places) asks for its class alone.
The settings are read once a query, not once a row: hence the sub-queries.
"""

from django.db import migrations

FORWARD = """
create policy works on record_resource using ((select current_setting('locality.wall', true)) = 'down');
create policy opened on record_resource for select using (
    (patient_id is null or patient_id = any(
        (select nullif(current_setting('locality.patients', true), ''))::uuid[]
    ))
    and data_class = any((select nullif(current_setting('locality.classes', true), ''))::text[])
);
alter table record_resource enable row level security;
alter table record_resource force row level security;

create policy works on record_remark using ((select current_setting('locality.wall', true)) = 'down');
create policy opened on record_remark using (
    person_id = any((select nullif(current_setting('locality.people', true), ''))::uuid[])
);
alter table record_remark enable row level security;
alter table record_remark force row level security;
"""
BACKWARD = """
alter table record_remark no force row level security;
alter table record_remark disable row level security;
drop policy opened on record_remark;
drop policy works on record_remark;
alter table record_resource no force row level security;
alter table record_resource disable row level security;
drop policy opened on record_resource;
drop policy works on record_resource;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0004_concerns")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
