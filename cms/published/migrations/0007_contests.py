"""Contests change the version of their process: home and ballots list them (ADR 0042)."""

from django.db import migrations

FUNCTION = """
-- Changes the versions of the processes to which the contests belong.
CREATE FUNCTION published_note_change_of_contest() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    offices bigint[];
    processes bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        offices := ARRAY(SELECT DISTINCT process_office_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        offices := ARRAY(SELECT DISTINCT process_office_id FROM old_rows);
    ELSE
        offices := ARRAY(SELECT DISTINCT process_office_id FROM (
            (TABLE new_rows EXCEPT TABLE old_rows) UNION (TABLE old_rows EXCEPT TABLE new_rows)
        ) AS changed);
    END IF;
    -- An office that is deleted with its contests changes the version of its process by itself.
    processes := ARRAY(
        SELECT DISTINCT process_id FROM catalogs_processoffice WHERE id = ANY (offices));
    IF processes <> '{}' THEN
        PERFORM published_change(ARRAY(SELECT 'process-' || unnest(processes)));
    END IF;
    RETURN NULL;
END
$$;
"""
ROWS_OF = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
TRIGGERS = "\n".join(
    f"CREATE TRIGGER published_version_{event} AFTER {event} ON catalogs_contest"
    f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION published_note_change_of_contest();"
    for event, rows in ROWS_OF.items()
)
FORGET = "\n".join(
    [
        *(f"DROP TRIGGER published_version_{event} ON catalogs_contest;" for event in ROWS_OF),
        "DROP FUNCTION published_note_change_of_contest();",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("published", "0006_versions"),
        ("catalogs", "0004_contests"),
    ]

    operations = [migrations.RunSQL(FUNCTION + TRIGGERS, FORGET)]
