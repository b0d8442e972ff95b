"""How contents lie on disk: lz4 packs them at a tenth of the cost of PostgreSQL's own way, where the server has it."""

from django.db import migrations

FORWARD = """
do $$ begin
    alter table record_resource alter column content set compression lz4;
    alter table record_quarantine alter column content set compression lz4;
exception when feature_not_supported then
    raise notice 'this server packs with pglz: receiving will be slower';
end $$;
"""
BACKWARD = """
alter table record_resource alter column content set compression default;
alter table record_quarantine alter column content set compression default;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
