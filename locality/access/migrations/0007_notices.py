import django.db.models.deletion
import locality.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0006_forgotten_network"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorsLost",
            fields=[
                ("id", models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("said_by", models.UUIDField()),
                ("said_at", models.DateTimeField()),
                ("account", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("to", models.TextField()),
                ("username", models.TextField()),
                ("what", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("to", ""), _negated=True), name="notice_goes_somewhere")],
            },
        ),
    ]
