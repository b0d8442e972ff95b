"""The runs that make the analytical copy, and the views that are all it may read, by a role of its own."""

from pathlib import Path

import django.db.models.expressions
import locality.base.ids
from django.db import migrations, models

FORWARD = (Path(__file__).parents[1] / "views.sql").read_text(encoding="utf-8")
BACKWARD = """
drop view population_resource, population_face, population_objection, population_holding;
drop function population_tail;
drop policy copied on record_remark;
drop policy copied on record_resource;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("access", "0003_signing_in"),
        ("directory", "0003_agreements_and_safeguarding"),
        ("people", "0009_person_and_alias"),
        ("record", "0005_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name='Refresh',
            fields=[
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField()),
                ('by_id', models.UUIDField()),
                ('columns_version', models.IntegerField()),
                ('rules_digest', models.TextField()),
                ('people', models.PositiveBigIntegerField()),
                ('touched', models.PositiveBigIntegerField()),
                ('read', models.PositiveBigIntegerField()),
                ('used', models.PositiveBigIntegerField()),
                ('said_again', models.PositiveBigIntegerField()),
                ('left_out', models.PositiveBigIntegerField()),
                ('reasons', models.JSONField(default=dict)),
                ('noted', models.JSONField(default=dict)),
                ('rows', models.JSONField(default=dict)),
                ('parts', models.PositiveIntegerField()),
                ('settled', models.BigIntegerField()),
                ('highest', models.BigIntegerField()),
                ('snapshot', models.TextField()),
                ('server', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['-finished_at'], name='refresh_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['full', 'changed'])), name='refresh_kind_is_known'), models.CheckConstraint(condition=models.Q(('read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('used'), '+', models.F('said_again')), '+', models.F('left_out')))), name='refresh_count_is_conserved')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
