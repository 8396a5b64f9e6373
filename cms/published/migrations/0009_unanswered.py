"""Each public row says itself what was asked and left without answer."""

from importlib import import_module

import cms.published.models
from django.db import migrations

_before = import_module("cms.published.migrations.0006_versions")
_OLD = _before.CANDIDACIES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
# A change of the new column changes the version of the row's page as well.
_NEW = _OLD.replace("now.answers,", "now.answers, now.unanswered,").replace(
    "before.answers,", "before.answers, before.unanswered,"
)


class Migration(migrations.Migration):
    dependencies = [("published", "0008_rehearsals")]

    operations = [
        migrations.AddField(
            model_name="publishedcandidacy",
            name="unanswered",
            field=cms.published.models.JSONReadOften(default=dict),
        ),
        migrations.RunSQL(_NEW, _OLD),
    ]
