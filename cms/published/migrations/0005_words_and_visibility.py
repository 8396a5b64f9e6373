"""What the public search needs in the database, as far as something stored depends on it (ADR 0035).

- Names are indexed with their abbreviations in full as well (ADR 0024).
- Facets are stored as a text too, by which candidacies are grouped.
- The degree of studies is a facet like any other; what older rows hold of it is kept as one.
- The two texts of the answers are called after their weight in the search.
- `published_visibility` says when the register and the answers of each office are public.
- The functions that are only called leave the migrations: `migrate` puts those of
  `search/engines/postgres` in place, in a schema of their own.
- `staff_search` is the text search configuration of the admin's lists: words as typed, without
  accents. What was indexed before is indexed anew, since its vectors were made otherwise.
"""

from importlib import import_module

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from cms.catalogs.names import Abbreviation, abbreviations

_engine = import_module("cms.published.migrations.0003_search_engine")

# The functions that `search.engines.postgres.functions` puts in place depend on what is made and
# changed here: they go first, and are made anew after migrating. Foreign keys are checked at once: a
# table with checks that wait for the end of the transaction cannot be altered.
PREPARE = """
DROP SCHEMA IF EXISTS conoceles_search CASCADE;
SET CONSTRAINTS ALL IMMEDIATE;
"""
LOT = """
-- A number from 0 to 1023 by lot, always the same for a candidacy.
CREATE FUNCTION conoceles_lot(candidacy_id bigint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (hashint8extended(candidacy_id, 2024) & 1023)::integer;
CREATE INDEX published_lot ON published_publishedcandidacy (conoceles_lot(candidacy_id));
"""
FORGET_LOT = """
DROP INDEX published_lot;
DROP FUNCTION conoceles_lot(bigint);
"""
OLD_ENGINE = "".join(
    getattr(_engine, name) for name in ("ASKED", "FOUND", "COUNTS", "ORDER", "NEAR", "SEARCH")
)


def _array(words: tuple[str, ...]) -> str:
    return f"ARRAY[{', '.join(map(repr, words))}]" if words else "NULL::text[]"


def _row(abbreviation: Abbreviation) -> str:
    after, before = _array(abbreviation.after), _array(abbreviation.before)
    return f"('{abbreviation.short}', '{abbreviation.meant}', {after}, {before})"


ABBREVIATIONS = """
-- The catalogue of abbreviations: what stands for what, after and before which words alone.
CREATE FUNCTION conoceles_abbreviations()
RETURNS TABLE (short text, meant text, after text[], before text[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS {number}
BEGIN ATOMIC
    SELECT * FROM (VALUES
        {rows}
    ) AS rows;
END;
""".format(number=len(abbreviations()), rows=",\n        ".join(map(_row, abbreviations())))

WRITTEN_OUT = r"""
-- A name, folded, with its abbreviations in full: «Ma. del C. Hdez.» is «maria del carmen
-- hernandez»; empty when it has none. The same rule as cms.catalogs.names.written_out.
CREATE FUNCTION conoceles_written_out(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    words CONSTANT text[] := string_to_array(btrim(regexp_replace(
        conoceles_fold(regexp_replace(name, '([[:alpha:]])\.?\s?ª', '\1a', 'g')),
        '[^a-z]+', ' ', 'g')), ' ');
    in_full text;
BEGIN
    IF NOT words && ARRAY(SELECT short FROM conoceles_abbreviations()) THEN
        RETURN '';
    END IF;
    SELECT string_agg(coalesce(meanings.meant, word), ' ' ORDER BY place) INTO in_full
    FROM unnest(words) WITH ORDINALITY AS written (word, place)
    CROSS JOIN LATERAL (
        SELECT string_agg(DISTINCT a.meant, ' ') AS meant
        FROM conoceles_abbreviations() AS a
        WHERE a.short = word
            AND (a.after IS NULL OR EXISTS (
                SELECT FROM unnest(a.after) AS series WHERE CASE series WHEN '^' THEN place = 1
                    ELSE ' ' || array_to_string(words[:place - 1], ' ') LIKE '% ' || series END))
            AND (a.before IS NULL OR EXISTS (
                SELECT FROM unnest(a.before) AS following WHERE CASE following
                    WHEN '*' THEN place < cardinality(words)
                    ELSE words[place + 1] = following END))
    ) AS meanings;
    RETURN CASE WHEN in_full = array_to_string(words, ' ') THEN '' ELSE in_full END;
END
$$;
"""

NAME_WORDS = r"""
-- The folded words of a name, of two letters or more; abbreviations, and what they mean too.
CREATE OR REPLACE FUNCTION conoceles_name_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT word), '{}')
    FROM regexp_split_to_table(
        conoceles_fold(name) || ' ' || conoceles_written_out(name), '[^a-z]+') AS word
    WHERE length(word) > 1;
END;
"""
OLD_NAME_WORDS = r"""
CREATE OR REPLACE FUNCTION conoceles_name_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT word), '{}')
    FROM regexp_split_to_table(conoceles_fold(name), '[^a-z]+') AS word
    WHERE length(word) > 1;
END;
"""
FORGET_ABBREVIATIONS = """
DROP FUNCTION conoceles_written_out(text);
DROP FUNCTION conoceles_abbreviations();
"""
NAMES_INDEXED_ANEW = "REINDEX INDEX published_name_keys_gin;"

FILL_VECTORS = r"""
-- Weights: A the name, also with its abbreviations in full; B office, territory, actor and
-- nickname; C answers of high weight; D the others. The words of the name stand unstemmed too,
-- after «=»: «Rojas» is not «Rojo» when a name is asked for.
CREATE OR REPLACE FUNCTION published_fill_vectors() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.register_vector := setweight(conoceles_vector(NEW.name), 'A')
        || setweight(conoceles_vector(conoceles_written_out(NEW.name)), 'A')
        || conoceles_exact_names(NEW.name)
        || setweight(conoceles_vector(NEW.register_text), 'B');
    NEW.search_vector := NEW.register_vector
        || setweight(conoceles_vector(NEW.text_high_weight), 'C')
        || setweight(conoceles_vector(NEW.text_low_weight), 'D');
    RETURN NEW;
END
$$;
"""
OLD_FILL_VECTORS = r"""
CREATE OR REPLACE FUNCTION published_fill_vectors() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.register_vector := setweight(conoceles_vector(NEW.name), 'A')
        || conoceles_exact_names(NEW.name)
        || setweight(conoceles_vector(NEW.register_text), 'B');
    NEW.search_vector := NEW.register_vector
        || setweight(conoceles_vector(NEW.text_proposals), 'C')
        || setweight(conoceles_vector(NEW.text_life), 'D');
    RETURN NEW;
END
$$;
"""
# The trigger fires when a vector is assigned to, whatever the value.
VECTORS_ANEW = "UPDATE published_publishedcandidacy SET register_vector = NULL;"

DEGREE_AS_FACET = """
UPDATE published_publishedcandidacy
SET facet_values = facet_values || jsonb_build_object('grado', degree),
    facet_labels = facet_labels || jsonb_build_object('grado', degree_label)
WHERE degree <> '' AND NOT facet_values ? 'grado';
"""
FACET_AS_DEGREE = """
UPDATE published_publishedcandidacy
SET degree = left(facet_values ->> 'grado', 20), degree_label = left(facet_labels ->> 'grado', 60)
WHERE facet_values ? 'grado';
"""

FACETS_AS_TEXT = """
-- What candidacies are grouped by when facets are counted: to group 11,000 of them by the JSON
-- itself takes a third longer.
ALTER TABLE published_publishedcandidacy
    ADD COLUMN facets_as_text text GENERATED ALWAYS AS (facet_values::text) STORED;
"""

VISIBILITY = """
-- The one place that says when something is public. What is compared with these periods is an
-- instant: now, or the one that a reader asks about.
-- Sources: Lineamientos (the Council's agreement on the start of publication); Ley General de
-- Transparencia, arts. 58, 63 and 70 (the register stays when the answers end).
CREATE VIEW published_visibility AS
SELECT id AS process_office_id, process_id,
    CASE WHEN visible_from IS NULL THEN 'empty'::tstzrange
        ELSE tstzrange(visible_from, NULL) END AS register_during,
    CASE WHEN visible_from IS NULL OR public_until <= visible_from THEN 'empty'::tstzrange
        ELSE tstzrange(visible_from, public_until) END AS answers_during
FROM catalogs_processoffice;
"""

# A page of results reads the answers of twenty rows: to keep them uncompressed takes twice the disk,
# and saves a search of a rare word a tenth of its time. Rows that exist stay as they are until their
# answers are written again.
ANSWERS_AS_THEY_ARE = "ALTER TABLE published_publishedcandidacy ALTER COLUMN answers SET STORAGE {}"

STAFF_SEARCH = """
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
        ("published", "0004_questionnaires_as_data"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [
        migrations.RunSQL(PREPARE, migrations.RunSQL.noop),
        migrations.RunSQL(_engine.FORGET + LOT, FORGET_LOT + OLD_ENGINE),
        migrations.RunSQL(
            ABBREVIATIONS + WRITTEN_OUT + NAME_WORDS + NAMES_INDEXED_ANEW,
            OLD_NAME_WORDS + NAMES_INDEXED_ANEW + OLD_FILL_VECTORS + VECTORS_ANEW
            + FORGET_ABBREVIATIONS,
        ),
        migrations.RenameField("publishedcandidacy", "text_proposals", "text_high_weight"),
        migrations.RenameField("publishedcandidacy", "text_life", "text_low_weight"),
        migrations.RunSQL(FILL_VECTORS + VECTORS_ANEW, migrations.RunSQL.noop),
        migrations.RunSQL(DEGREE_AS_FACET, FACET_AS_DEGREE),
        migrations.RemoveField("publishedcandidacy", "degree"),
        migrations.RemoveField("publishedcandidacy", "degree_label"),
        migrations.RunSQL(
            FACETS_AS_TEXT, "ALTER TABLE published_publishedcandidacy DROP COLUMN facets_as_text"
        ),
        migrations.RunSQL(
            ANSWERS_AS_THEY_ARE.format("EXTERNAL"), ANSWERS_AS_THEY_ARE.format("EXTENDED")
        ),
        migrations.RunSQL(VISIBILITY, "DROP VIEW published_visibility"),
        migrations.CreateModel(
            name="Visibility",
            fields=[
                (
                    "process_office",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="visibility",
                        serialize=False,
                        to="catalogs.processoffice",
                    ),
                ),
                ("register_during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("answers_during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={"db_table": "published_visibility", "managed": False},
        ),
        migrations.RunSQL(STAFF_SEARCH, "DROP TEXT SEARCH CONFIGURATION staff_search"),
        migrations.RunSQL(migrations.RunSQL.noop, PREPARE),
    ]
