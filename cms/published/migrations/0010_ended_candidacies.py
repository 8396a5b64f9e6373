"""Who ended keeps the register alone, and is not searched; who replaced whom, and corrections.

See ADR 0058.
"""

from importlib import import_module

import cms.published.models
from django.db import migrations, models

_words = import_module("cms.published.migrations.0005_words_and_visibility")
_before = import_module("cms.published.migrations.0009_unanswered")
# A change of the new columns changes the version of the row's page as well.
_VERSIONS = _before._NEW.replace(
    "now.unanswered,", "now.unanswered, now.supersedes_id, now.corrections,"
).replace("before.unanswered,", "before.unanswered, before.supersedes_id, before.corrections,")

FILL_VECTORS = _words.FILL_VECTORS.replace(
    "    RETURN NEW;",
    """    IF NEW.state <> 'activa' THEN
        NEW.register_vector := '';
        NEW.search_vector := '';
    END IF;
    RETURN NEW;""",
)
TRIGGER = """
DROP TRIGGER fill_vectors ON published_publishedcandidacy;
CREATE TRIGGER fill_vectors
    BEFORE INSERT OR UPDATE OF
        name, register_text, text_high_weight, text_low_weight, register_vector, search_vector{}
    ON published_publishedcandidacy
    FOR EACH ROW EXECUTE FUNCTION published_fill_vectors();
"""

# The files of their photographs are deleted by the nightly job: no row names them any more.
REGISTER_ALONE = """
UPDATE published_publishedcandidacy
SET answers = '[]', unanswered = '{}', contacts = '[]', photo = '', photo_alt = '',
    photo_name = '', photo_width = 0, facet_values = '{}', facet_labels = '{}',
    text_high_weight = '', text_low_weight = '', published_at = NULL, version = version + 1
WHERE state <> 'activa';
UPDATE published_publishedcandidacy AS successor
SET supersedes_id = ended.candidacy_id, version = successor.version + 1
FROM published_publishedcandidacy AS ended
WHERE ended.superseded_by_id = successor.candidacy_id;
"""


def tell_the_index(apps, schema_editor):
    """A search server forgets who ended: whoever keeps something of these rows is told."""
    from cms.published import changes

    rows = apps.get_model("published", "PublishedCandidacy").objects.exclude(state="activa")
    changes.tell(list(rows.values_list("pk", flat=True)))


class Migration(migrations.Migration):
    dependencies = [("published", "0009_unanswered")]

    operations = [
        migrations.AddField(
            model_name="publishedcandidacy",
            name="supersedes_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="publishedcandidacy",
            name="corrections",
            field=cms.published.models.JSONReadOften(default=list),
        ),
        migrations.RunSQL(_VERSIONS, _before._NEW),
        migrations.RunSQL(
            FILL_VECTORS + TRIGGER.format(", state"), TRIGGER.format("") + _words.FILL_VECTORS
        ),
        migrations.RunSQL(REGISTER_ALONE, migrations.RunSQL.noop),
        migrations.RunPython(tell_the_index, migrations.RunPython.noop),
    ]
