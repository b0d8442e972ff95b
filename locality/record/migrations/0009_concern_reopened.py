from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0008_wall_before_concerns"),
    ]

    operations = [
        migrations.AddField(
            model_name="concern",
            name="reopenings",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
