from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_agreements_and_safeguarding'),
    ]

    operations = [
        migrations.AddField(
            model_name='place',
            name='folder',
            field=models.TextField(blank=True, default=''),
        ),
    ]
