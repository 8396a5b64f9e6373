"""A text search configuration for the admin's lists: words as typed, without accents.

What an older installation has indexed is folded here, since its vectors were made otherwise.
"""

from django.db import migrations

FOLDED = """
CREATE TEXT SEARCH CONFIGURATION staff_search (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION staff_search
    ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword,
        hword_asciipart, hword_part, hword_numpart
    WITH unaccent, pg_catalog.simple;
UPDATE wagtailsearch_indexentry SET
    title = setweight(to_tsvector('staff_search', title_text), 'A'),
    autocomplete = setweight(to_tsvector('staff_search', title_text), 'D'),
    body = setweight(to_tsvector('staff_search', body_text), 'D');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("published", "0003_search_engine"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [
        migrations.RunSQL(FOLDED, "DROP TEXT SEARCH CONFIGURATION staff_search"),
    ]
