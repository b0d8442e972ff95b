from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0005_release_label"),
    ]

    operations = [
        migrations.AddField(
            model_name="forgotten",
            name="answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="forgotten",
            name="network",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="forgotten",
            index=models.Index(fields=["network", "asked_at"], name="forgotten_by_network"),
        ),
    ]
