# what was decided before carries the label that closes most; of safeguarding the class alone is asked
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_selves"),
        ("people", "0011_person_by_postcode"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="label",
            field=models.TextField(db_default="V", default="V"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(("label__in", ["N", "R", "V"])), name="release_label_is_known"
            ),
        ),
    ]
