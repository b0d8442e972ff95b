"""What the two roles may do, before there is any table; every later migration inherits it."""

from django.db import migrations

FORWARD = """
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gist;

alter default privileges in schema public grant select, insert, update, delete on tables to locality_app;
alter default privileges in schema public grant usage, select on sequences to locality_app;
grant usage on schema public to locality_app;
grant select on django_migrations to locality_app;

-- received resources are staged in temporary tables
do $$ begin execute format('grant temporary on database %I to locality_app', current_database()); end $$;
"""

BACKWARD = """
revoke select on django_migrations from locality_app;
revoke usage on schema public from locality_app;
alter default privileges in schema public revoke usage, select on sequences from locality_app;
alter default privileges in schema public revoke select, insert, update, delete on tables from locality_app;
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []

    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("sessions", "0001_initial"),
        ("directory", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
