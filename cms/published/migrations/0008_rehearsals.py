"""A rehearsal is seen only while it is the current process."""

from importlib import import_module

from django.db import migrations

_before = import_module("cms.published.migrations.0005_words_and_visibility")

VISIBILITY = """
CREATE OR REPLACE VIEW published_visibility AS
WITH hidden AS (
    SELECT id FROM catalogs_process WHERE rehearsal_of_id IS NOT NULL
    EXCEPT
    SELECT current_process_id FROM catalogs_portalsettings
)
SELECT id AS process_office_id, process_id,
    CASE WHEN visible_from IS NULL OR process_id IN (SELECT id FROM hidden)
            THEN 'empty'::tstzrange
        ELSE tstzrange(visible_from, NULL) END AS register_during,
    CASE WHEN visible_from IS NULL OR public_until <= visible_from
            OR process_id IN (SELECT id FROM hidden)
            THEN 'empty'::tstzrange
        ELSE tstzrange(visible_from, public_until) END AS answers_during
FROM catalogs_processoffice;
"""


class Migration(migrations.Migration):
    dependencies = [("published", "0007_contests"), ("catalogs", "0005_rehearsals")]

    operations = [
        migrations.RunSQL(
            VISIBILITY, _before.VISIBILITY.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")
        )
    ]
