"""The database's own wall before concerns: for the leads of their team, unless kept from them, and for their raiser.

Who looks, and for which teams they are a lead, is said once a page (access.wall). Who is said to be the cause is for
leads alone: whoever raised a concern writes it and does not read it again.
"""

from django.db import migrations

DOWN = "(select current_setting('locality.wall', true)) = 'down'"
VIEWER = "(select nullif(current_setting('locality.viewer', true), '')::uuid)"
LEADS = "any((select nullif(current_setting('locality.leads', true), ''))::uuid[])"
THEIRS = f"team_id = {LEADS} and not {VIEWER} = any(kept_from)"

FORWARD = f"""
create policy works on record_concern using ({DOWN});
create policy leads on record_concern using ({THEIRS});
create policy raiser on record_concern using (raised_by = {VIEWER});
alter table record_concern enable row level security;
alter table record_concern force row level security;

create policy works on record_alleged using ({DOWN});
create policy leads on record_alleged for select using (
    concern_id in (select concern.id from record_concern concern where {THEIRS})
);
create policy raiser on record_alleged for insert with check (
    concern_id in (select concern.id from record_concern concern where concern.raised_by = {VIEWER})
);
alter table record_alleged enable row level security;
alter table record_alleged force row level security;
"""
BACKWARD = """
alter table record_alleged no force row level security;
alter table record_alleged disable row level security;
drop policy raiser on record_alleged;
drop policy leads on record_alleged;
drop policy works on record_alleged;
alter table record_concern no force row level security;
alter table record_concern disable row level security;
drop policy raiser on record_concern;
drop policy leads on record_concern;
drop policy works on record_concern;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0007_heard_before")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
