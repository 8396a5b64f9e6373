from django.db import migrations, models

# Until now a draft did not say under what it was begun: it was last counted under this.
FORWARD = "update questionnaires_draft set given_under = done_under"


class Migration(migrations.Migration):
    """Drafts say under which version their answers were given, to tell what changed since."""

    dependencies = [("questionnaires", "0006_rehearsals_are_removed")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="given_under",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
