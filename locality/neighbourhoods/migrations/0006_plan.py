"""The one plan and assessments; behind the second wall, and what was said once is never changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
import locality.access.rules.kinds
import locality.base.ids
import locality.neighbourhoods.rules.assessments
import locality.neighbourhoods.rules.eligibility
import locality.neighbourhoods.rules.plans
from django.db import migrations, models

TABLES = (
    *("neighbourhoods_plan", "neighbourhoods_planpart", "neighbourhoods_planparthistory"),
    *("neighbourhoods_assessment", "neighbourhoods_answer", "neighbourhoods_assessmentaddition"),
)
# what is written once: the application adds lines and reads them
ONCE = "neighbourhoods_planparthistory, neighbourhoods_answer, neighbourhoods_assessmentaddition"
UP = """
create policy works on {table} using ((select current_setting('locality.wall', true)) = 'down');
create policy opened on {table} using (
    person_id = any((select nullif(current_setting('locality.people', true), ''))::uuid[])
    and data_class = any((select nullif(current_setting('locality.classes', true), ''))::text[])
);
alter table {table} enable row level security;
alter table {table} force row level security;
"""
DOWN = """
alter table {table} no force row level security;
alter table {table} disable row level security;
drop policy opened on {table};
drop policy works on {table};
"""
FORWARD = "".join(UP.format(table=one) for one in TABLES)
FORWARD += f"revoke update, delete, truncate on {ONCE} from locality_app;"
BACKWARD = f"grant update, delete on {ONCE} to locality_app;"
BACKWARD += "".join(DOWN.format(table=one) for one in reversed(TABLES))


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_place_folder'),
        ('neighbourhoods', '0005_meeting'),
        ('people', '0011_person_by_postcode'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('data_class', models.TextField()),
                ('label', models.TextField(default=locality.access.rules.kinds.Label['NORMAL'])),
                ('seal', models.TextField(blank=True, default=locality.access.rules.kinds.Seal['NONE'])),
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('form', models.TextField()),
                ('state', models.TextField(default=locality.neighbourhoods.rules.assessments.AssessmentState['DRAFT'])),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.UUIDField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('finished_by', models.UUIDField(null=True)),
                ('rule', models.TextField(blank=True, default='')),
                ('verdict', models.TextField(blank=True, default='')),
                ('decided', models.TextField(blank=True, default='')),
                ('decided_why', models.TextField(blank=True, default='')),
                ('shown', models.PositiveSmallIntegerField(default=0)),
                ('asked_again', models.PositiveSmallIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('sender', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.team')),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('data_class', models.TextField(default=locality.access.rules.kinds.DataClass['SOC'])),
                ('question', models.TextField()),
                ('version', models.PositiveIntegerField()),
                ('words', models.TextField(blank=True, default='')),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('how', models.TextField()),
                ('from_words', models.TextField(blank=True, default='')),
                ('from_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('assessment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='neighbourhoods.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='AssessmentAddition',
            fields=[
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('data_class', models.TextField(default=locality.access.rules.kinds.DataClass['SOC'])),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='additions', to='neighbourhoods.assessment')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('data_class', models.TextField(default=locality.access.rules.kinds.DataClass['PLAN'])),
                ('made_at', models.DateTimeField()),
                ('made_by', models.UUIDField()),
                ('made_by_kind', models.TextField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='PlanPart',
            fields=[
                ('data_class', models.TextField()),
                ('label', models.TextField(default=locality.access.rules.kinds.Label['NORMAL'])),
                ('seal', models.TextField(blank=True, default=locality.access.rules.kinds.Seal['NONE'])),
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('heading', models.TextField(blank=True, default='')),
                ('words', models.TextField(blank=True, default='')),
                ('then_words', models.TextField(blank=True, default='')),
                ('call_words', models.TextField(blank=True, default='')),
                ('whose', models.TextField(blank=True, default='')),
                ('who', models.TextField(blank=True, default='')),
                ('who_words', models.TextField(blank=True, default='')),
                ('by_on', models.DateField(null=True)),
                ('state', models.TextField(blank=True, default='')),
                ('stance', models.TextField(blank=True, default='')),
                ('from_thing', models.UUIDField(null=True)),
                ('from_words', models.TextField(blank=True, default='')),
                ('from_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.UUIDField()),
                ('changed_by_kind', models.TextField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='neighbourhoods.plan')),
                ('practitioner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.practitioner')),
                ('sender', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation')),
                ('task', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='neighbourhoods.task')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.team')),
            ],
        ),
        migrations.CreateModel(
            name='PlanPartHistory',
            fields=[
                ('id', models.UUIDField(default=locality.base.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('data_class', models.TextField(default=locality.access.rules.kinds.DataClass['PLAN'])),
                ('version', models.PositiveIntegerField()),
                ('what', models.TextField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField()),
                ('by_kind', models.TextField()),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='neighbourhoods.planpart')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['team', '-begun_at'], name='assessment_by_team'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('form__in', [locality.neighbourhoods.rules.assessments.FormKind['ADULT'], locality.neighbourhoods.rules.assessments.FormKind['CARER']])), name='assessment_form_is_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('data_class', locality.access.rules.kinds.DataClass['SOC'])), name='assessment_is_social_care'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('decided__in', ['', locality.neighbourhoods.rules.eligibility.Verdict['ELIGIBLE'], locality.neighbourhoods.rules.eligibility.Verdict['NOT_ELIGIBLE']]), ('verdict__in', ['', locality.neighbourhoods.rules.eligibility.Verdict['ELIGIBLE'], locality.neighbourhoods.rules.eligibility.Verdict['NOT_ELIGIBLE'], locality.neighbourhoods.rules.eligibility.Verdict['NOT_KNOWN']])), name='assessment_decision_is_known'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided', ''), ('finished_at', None), ('finished_by', None), ('state', locality.neighbourhoods.rules.assessments.AssessmentState['DRAFT']), ('verdict', '')), models.Q(('finished_at__isnull', False), ('finished_by__isnull', False), ('state', locality.neighbourhoods.rules.assessments.AssessmentState['FINISHED']), models.Q(('decided', ''), _negated=True), models.Q(('verdict', ''), _negated=True)), _connector='OR'), name='assessment_is_finished_with_a_decision'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('decided', models.F('verdict')), models.Q(('decided_why', ''), _negated=True), ('decided', ''), _connector='OR'), name='assessment_that_differs_says_why'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('asked_again__lte', models.F('shown'))), name='assessment_asks_again_what_it_shows'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', locality.neighbourhoods.rules.assessments.AssessmentState['DRAFT'])), fields=('person', 'form'), name='assessment_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', [locality.neighbourhoods.rules.assessments.How['FIRST'], locality.neighbourhoods.rules.assessments.How['CONFIRMED'], locality.neighbourhoods.rules.assessments.How['AGAIN']])), name='answer_how_is_known'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('assessment', 'question', 'version'), name='answer_version_once'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('person',), name='plan_one_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='planpart',
            index=models.Index(condition=models.Q(('removed_at', None)), fields=['person', 'kind'], name='plan_part_of_person'),
        ),
        migrations.AddIndex(
            model_name='planpart',
            index=models.Index(condition=models.Q(('kind', locality.neighbourhoods.rules.plans.PartKind['REVIEW']), ('removed_at', None)), fields=['by_on'], name='plan_part_by_review_day'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', [locality.neighbourhoods.rules.plans.PartKind['ABOUT_ME'], locality.neighbourhoods.rules.plans.PartKind['WISH'], locality.neighbourhoods.rules.plans.PartKind['GOAL'], locality.neighbourhoods.rules.plans.PartKind['ACTION'], locality.neighbourhoods.rules.plans.PartKind['CONTINGENCY'], locality.neighbourhoods.rules.plans.PartKind['COPY'], locality.neighbourhoods.rules.plans.PartKind['REVIEW']])), name='plan_part_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(('data_class', locality.access.rules.kinds.DataClass['PLAN'])), name='plan_part_is_of_the_plan'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(('whose__in', ['', locality.neighbourhoods.rules.plans.Whose['PERSON'], locality.neighbourhoods.rules.plans.Whose['CARER'], locality.neighbourhoods.rules.plans.Whose['PRACTITIONER'], locality.neighbourhoods.rules.plans.Whose['TOGETHER']])), name='plan_part_whose_is_known'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(('who__in', ['', locality.neighbourhoods.rules.plans.Who['PERSON'], locality.neighbourhoods.rules.plans.Who['CARER'], locality.neighbourhoods.rules.plans.Who['ORGANISATION'], locality.neighbourhoods.rules.plans.Who['TEAM'], locality.neighbourhoods.rules.plans.Who['PRACTITIONER']])), name='plan_part_who_is_known'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(('stance__in', ['', locality.neighbourhoods.rules.plans.Stance['WANTS'], locality.neighbourhoods.rules.plans.Stance['REFUSES']])), name='plan_part_stance_is_known'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', locality.neighbourhoods.rules.plans.PartKind['GOAL']), ('state__in', (locality.neighbourhoods.rules.plans.GoalState['WORKING'], locality.neighbourhoods.rules.plans.GoalState['PARTLY'], locality.neighbourhoods.rules.plans.GoalState['REACHED'], locality.neighbourhoods.rules.plans.GoalState['STOPPED']))), models.Q(('kind', locality.neighbourhoods.rules.plans.PartKind['ACTION']), ('state__in', (locality.neighbourhoods.rules.plans.ActionState['OPEN'], locality.neighbourhoods.rules.plans.ActionState['DONE'], locality.neighbourhoods.rules.plans.ActionState['NOT_DONE']))), models.Q(models.Q(('kind__in', [locality.neighbourhoods.rules.plans.PartKind['GOAL'], locality.neighbourhoods.rules.plans.PartKind['ACTION']]), _negated=True), ('state', '')), _connector='OR'), name='plan_part_state_is_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.CheckConstraint(condition=models.Q(('task', None), models.Q(('kind', locality.neighbourhoods.rules.plans.PartKind['ACTION']), ('team__isnull', False)), _connector='OR'), name='plan_part_task_is_a_teams_action'),
        ),
        migrations.AddConstraint(
            model_name='planpart',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', [locality.neighbourhoods.rules.plans.PartKind['ABOUT_ME'], locality.neighbourhoods.rules.plans.PartKind['REVIEW']]), ('removed_at', None)), fields=('plan', 'kind', 'heading'), name='plan_part_once_under_its_heading'),
        ),
        migrations.AddConstraint(
            model_name='planparthistory',
            constraint=models.UniqueConstraint(fields=('part', 'version'), name='plan_part_version_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
