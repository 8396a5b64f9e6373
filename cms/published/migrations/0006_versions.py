"""Names of the files of photographs (ADR 0044), and versions of what public pages show (ADR 0042).

Versions change in the transaction that changes what they stand for.

Triggers note every change, whoever makes it: services, imports, the admin, or SQL by hand.
"""

from django.db import migrations, models

# A version is every row that stands for its name, taken together: whoever changes something takes
# away the rows that nobody else is taking away, and adds one of their own. So nobody waits for a
# long import that changes the same version, and every commit still changes it. Tokens are random:
# after a backup was restored no version returns that stood for something else.
TABLE = """
CREATE TABLE published_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    token bigint NOT NULL
        DEFAULT ('x' || left(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint,
    changed_by xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX published_version_name ON published_version (name);
CREATE INDEX published_version_changed_by ON published_version (changed_by);

CREATE FUNCTION published_change(names text[]) RETURNS void
LANGUAGE sql SET search_path FROM CURRENT AS $$
    DELETE FROM published_version WHERE id IN (
        SELECT id FROM published_version WHERE name = ANY (names) FOR UPDATE SKIP LOCKED);
    INSERT INTO published_version (name) SELECT DISTINCT unnest(names);
$$;
"""

READING = """
-- Every version that was changed by a transaction that a reader had not seen yet; without «seen»,
-- every version there is. In a row without a name: what this reader sees, and which table it reads,
-- since another server, or one that was restored, knows nothing of what was seen before.
-- What this very transaction changed comes each time, since its snapshots do not list itself.
-- A row of a later transaction than any here came with a backup of another server.
CREATE FUNCTION published_versions(seen pg_snapshot)
RETURNS TABLE (name text, version bigint, sees text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    newest xid8;
BEGIN
    RETURN QUERY SELECT NULL::text,
        hashtextextended(pg_postmaster_start_time()::text, 'published_version'::regclass::bigint),
        pg_current_snapshot()::text;
    IF seen IS NULL THEN
        RETURN QUERY SELECT v.name, bit_xor(v.token), NULL::text
            FROM published_version AS v GROUP BY v.name;
        RETURN;
    END IF;
    -- Nearly always nothing changed: the newest row tells, in a tenth of the time of the whole query.
    SELECT v.changed_by INTO newest FROM published_version AS v
        WHERE v.changed_by < pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY v.changed_by DESC LIMIT 1;
    IF newest >= pg_snapshot_xmin(seen) OR pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RETURN QUERY SELECT v.name, bit_xor(v.token), NULL::text
            FROM published_version AS v
            WHERE v.name IN (
                SELECT c.name FROM published_version AS c
                WHERE c.changed_by >= pg_snapshot_xmin(seen)
                    AND (c.changed_by = pg_current_xact_id_if_assigned()
                        OR c.changed_by < pg_snapshot_xmax(pg_current_snapshot())
                            AND NOT pg_visible_in_snapshot(c.changed_by, seen)))
            GROUP BY v.name;
    END IF;
END
$$;
"""

# A statement that leaves every row as it was changes nothing.
TRIGGER_FUNCTIONS = """
-- Changes the version that the trigger names.
CREATE FUNCTION published_note_change() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    changed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := EXISTS (SELECT FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        changed := EXISTS (SELECT FROM old_rows);
    ELSE
        changed := EXISTS (SELECT FROM (TABLE new_rows EXCEPT TABLE old_rows) AS other);
    END IF;
    IF changed THEN
        PERFORM published_change(ARRAY[TG_ARGV[0]]);
    END IF;
    RETURN NULL;
END
$$;

-- Changes the versions of the processes to which the rows belong.
CREATE FUNCTION published_note_change_of_process() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    processes bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        processes := ARRAY(SELECT DISTINCT process_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        processes := ARRAY(SELECT DISTINCT process_id FROM old_rows);
    ELSE
        processes := ARRAY(SELECT DISTINCT process_id FROM (
            (TABLE new_rows EXCEPT TABLE old_rows) UNION (TABLE old_rows EXCEPT TABLE new_rows)
        ) AS changed);
    END IF;
    IF processes <> '{}' THEN
        PERFORM published_change(ARRAY(SELECT 'process-' || unnest(processes)));
    END IF;
    RETURN NULL;
END
$$;

-- Changes the version of editorial pages when what readers see of a page of the portal changed;
-- drafts and pages of candidacies leave it alone.
CREATE FUNCTION published_note_change_of_page() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    portal CONSTANT integer[] := ARRAY(
        SELECT id FROM django_content_type WHERE app_label = 'portal');
    changed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := EXISTS (SELECT FROM new_rows WHERE content_type_id = ANY (portal));
    ELSIF TG_OP = 'DELETE' THEN
        changed := EXISTS (SELECT FROM old_rows WHERE content_type_id = ANY (portal));
    ELSE
        changed := EXISTS (
            SELECT FROM new_rows AS now JOIN old_rows AS before USING (id)
            WHERE now.content_type_id = ANY (portal)
                AND (now.live, now.title, now.slug, now.url_path, now.seo_title,
                    now.search_description, now.first_published_at, now.last_published_at)
                IS DISTINCT FROM (before.live, before.title, before.slug, before.url_path, before.seo_title,
                    before.search_description, before.first_published_at, before.last_published_at));
    END IF;
    IF changed THEN
        PERFORM published_change(ARRAY['editorial']);
    END IF;
    RETURN NULL;
END
$$;
"""

# The names are those of `cms.published.versions`.
CANDIDACIES = """
-- The versions that stand for a public row; those of its card, which other pages show, where the
-- card changed. The number of a list counts up to 99: above it is the key of a register.
CREATE FUNCTION published_names_of(r published_publishedcandidacy, card boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
    SELECT ARRAY['candidacy-' || r.candidacy_id, 'rows-' || r.process_id]
        || CASE WHEN card THEN ARRAY[
            'territory-' || r.process_id || '-' || r.territory_id,
            'seat-' || concat_ws('-', r.process_id, r.office_id, r.territory_id,
                r.principle, r.seat_kind, ''),
            'seat-' || concat_ws('-', r.process_id, r.office_id, r.territory_id,
                r.principle, r.seat_kind, CASE WHEN r.list_number <= 99 THEN r.list_number::text
                    ELSE '' END),
            'formula-' || concat_ws('-', r.process_id, r.office_id, r.territory_id,
                r.principle, r.actor_id, coalesce(r.list_number::text, ''))
        ] ELSE '{}' END
$$;

CREATE FUNCTION published_note_change_of_candidacy() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    names text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        names := ARRAY(SELECT DISTINCT unnest(published_names_of(r, true)) FROM new_rows AS r);
    ELSIF TG_OP = 'DELETE' THEN
        names := ARRAY(SELECT DISTINCT unnest(published_names_of(r, true)) FROM old_rows AS r);
    ELSE
        names := ARRAY(
            SELECT DISTINCT unnest(
                published_names_of(now, changed.card) || published_names_of(before, changed.card))
            FROM new_rows AS now JOIN old_rows AS before USING (candidacy_id)
            CROSS JOIN LATERAL (SELECT
                (now.process_id, now.process_office_id, now.office_id, now.territory_id,
                    now.actor_id, now.name, now.sort_key, now.slug, now.principle, now.seat_kind,
                    now.list_number, now.sex, now.state, now.end_cause, now.ended_on,
                    now.superseded_by_id, now.photo, now.photo_alt, now.photo_name,
                    now.photo_width, now.published_at IS NULL)
                IS DISTINCT FROM
                (before.process_id, before.process_office_id, before.office_id, before.territory_id,
                    before.actor_id, before.name, before.sort_key, before.slug, before.principle, before.seat_kind,
                    before.list_number, before.sex, before.state, before.end_cause, before.ended_on,
                    before.superseded_by_id, before.photo, before.photo_alt, before.photo_name,
                    before.photo_width, before.published_at IS NULL)
                AS card,
                (now.external_id, now.nickname, now.age, now.facet_values, now.facet_labels,
                    now.answers, now.contacts, now.register_text, now.text_high_weight,
                    now.text_low_weight, now.registered_at, now.published_at, now.updated_at,
                    now.version)
                IS DISTINCT FROM
                (before.external_id, before.nickname, before.age, before.facet_values, before.facet_labels,
                    before.answers, before.contacts, before.register_text, before.text_high_weight,
                    before.text_low_weight, before.registered_at, before.published_at, before.updated_at,
                    before.version)
                AS rest
            ) AS changed
            WHERE changed.card OR changed.rest);
    END IF;
    IF names <> '{}' THEN
        PERFORM published_change(names);
    END IF;
    RETURN NULL;
END
$$;
"""

OF_SITE = (
    "catalogs_portalsettings", "catalogs_process", "catalogs_office", "catalogs_territory",
    "catalogs_politicalactor", "wagtailcore_site",
)
OF_WORDS = ("catalogs_synonymgroup", "catalogs_hypocoristic", "catalogs_protectedword")
OF_EDITORIAL = (
    "published_publishedcontent", "wagtailcore_pageviewrestriction", "wagtailimages_image",
    "wagtaildocs_document",
)
OF_PROCESS = ("catalogs_processoffice", "published_publishedquestionnaire")
CALLS = [
    *((table, "published_note_change('site')") for table in OF_SITE),
    *((table, "published_note_change('words')") for table in OF_WORDS),
    *((table, "published_note_change('editorial')") for table in OF_EDITORIAL),
    *((table, "published_note_change_of_process()") for table in OF_PROCESS),
    ("wagtailcore_page", "published_note_change_of_page()"),
    ("published_publishedcandidacy", "published_note_change_of_candidacy()"),
]
ROWS_OF = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
TRIGGERS = "\n".join(
    f"CREATE TRIGGER published_version_{event} AFTER {event} ON {table}"
    f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {call};"
    for table, call in CALLS
    for event, rows in ROWS_OF.items()
)

FORGET = "\n".join(
    f"DROP TRIGGER published_version_{event} ON {table};"
    for table, _call in CALLS
    for event in ROWS_OF
) + """
DROP FUNCTION published_note_change_of_candidacy();
DROP FUNCTION published_names_of(published_publishedcandidacy, boolean);
DROP FUNCTION published_note_change_of_page();
DROP FUNCTION published_note_change_of_process();
DROP FUNCTION published_note_change();
DROP FUNCTION published_versions(pg_snapshot);
DROP FUNCTION published_change(text[]);
DROP TABLE published_version;
"""


PHOTOGRAPHS = [
    migrations.AddField(
        model_name="publishedcandidacy",
        name="photo_name",
        field=models.CharField(
            blank=True,
            help_text="Random, and new for each publication of a photograph; empty until its files"
            " are made in the sizes that pages use.",
            max_length=36,
        ),
    ),
    migrations.AddField(
        model_name="publishedcandidacy",
        name="photo_width",
        field=models.PositiveSmallIntegerField(
            default=0,
            help_text="Of the whole photograph, in pixels; 0 until its files are made.",
        ),
    ),
    migrations.AddIndex(
        model_name="publishedcandidacy",
        index=models.Index(
            condition=models.Q(("photo", ""), _negated=True),
            fields=["photo"],
            name="published_photo_approved",
        ),
    ),
    migrations.AddIndex(
        model_name="publishedcandidacy",
        index=models.Index(
            condition=models.Q(("photo_name", ""), _negated=True),
            fields=["photo_name"],
            name="published_photo_name",
        ),
    ),
]

# Home counts the answers of all candidacies: to open every text for it takes twenty times as long.
ANSWERS_COUNT = migrations.AddField(
    model_name="publishedcandidacy",
    name="answers_count",
    field=models.GeneratedField(
        db_persist=True,
        expression=models.Func(
            "answers", function="jsonb_array_length", output_field=models.IntegerField()
        ),
        output_field=models.IntegerField(),
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("published", "0005_words_and_visibility"),
        ("catalogs", "0003_search_words"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        *PHOTOGRAPHS,
        ANSWERS_COUNT,
        migrations.RunSQL(TABLE + READING + TRIGGER_FUNCTIONS + CANDIDACIES + TRIGGERS, FORGET)
    ]
