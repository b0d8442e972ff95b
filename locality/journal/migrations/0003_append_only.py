"""The audit and the news are written once: the application may add lines and read them, nothing else."""

from django.db import migrations

FORWARD = "revoke update, delete, truncate on journal_event, journal_news from locality_app"
BACKWARD = "grant update, delete on journal_event, journal_news to locality_app"


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
