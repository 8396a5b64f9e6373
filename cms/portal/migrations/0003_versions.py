"""A change of a page's own columns changes the version of editorial pages (ADR 0042).

What Wagtail saves changes the tables of Wagtail too, which have triggers already; this is for SQL.
"""

from django.db import migrations

TABLES = (
    "portal_homepage",
    "portal_newsindexpage",
    "portal_newspage",
    "portal_faqpage",
    "portal_contentpage",
)
ROWS_OF = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
TRIGGERS = "\n".join(
    f"CREATE TRIGGER published_version_{event} AFTER {event} ON {table}"
    f" REFERENCING {rows} FOR EACH STATEMENT"
    " EXECUTE FUNCTION published_note_change('editorial');"
    for table in TABLES
    for event, rows in ROWS_OF.items()
)
FORGET = "\n".join(
    f"DROP TRIGGER published_version_{event} ON {table};" for table in TABLES for event in ROWS_OF
)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_bounded_texts"),
        ("published", "0006_versions"),
    ]

    operations = [migrations.RunSQL(TRIGGERS, FORGET)]
