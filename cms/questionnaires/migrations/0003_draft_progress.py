from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0002_submissions_are_append_only")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="sections_done",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="draft",
            name="done_under",
            field=models.CharField(blank=True, max_length=80),
        ),
    ]
