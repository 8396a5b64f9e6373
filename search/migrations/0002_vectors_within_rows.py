"""The vectors of the public rows within rows of their own, and a version of the words they write.

In the public row a vector rests beside it (TOAST), in pieces that an index finds: to fetch the
vectors of the hits took longer than to rank them. Triggers write the vectors in the transaction that
writes the public row, and change the version of the words in the one that counts them (ADR 0042).
"""

from django.db import migrations

TABLE = """
CREATE TABLE search_ranked (
    candidacy_id bigint PRIMARY KEY,
    vector tsvector
) WITH (toast_tuple_target = 8160);
ALTER TABLE search_ranked ALTER COLUMN vector SET STORAGE MAIN;
INSERT INTO search_ranked SELECT candidacy_id, search_vector FROM published_publishedcandidacy;

CREATE FUNCTION search_keep_vector() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE search_ranked;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM search_ranked WHERE candidacy_id = OLD.candidacy_id;
    ELSE
        INSERT INTO search_ranked AS kept VALUES (NEW.candidacy_id, NEW.search_vector)
        ON CONFLICT (candidacy_id) DO UPDATE SET vector = excluded.vector
        WHERE kept.vector IS DISTINCT FROM excluded.vector;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER keep_vector
    AFTER INSERT OR DELETE OR UPDATE OF
        name, register_text, text_high_weight, text_low_weight, register_vector, search_vector
    ON published_publishedcandidacy
    FOR EACH ROW EXECUTE FUNCTION search_keep_vector();
CREATE TRIGGER keep_no_vector
    AFTER TRUNCATE ON published_publishedcandidacy
    FOR EACH STATEMENT EXECUTE FUNCTION search_keep_vector();
"""
FORGET_TABLE = """
DROP TRIGGER keep_no_vector ON published_publishedcandidacy;
DROP TRIGGER keep_vector ON published_publishedcandidacy;
DROP FUNCTION search_keep_vector();
DROP TABLE search_ranked;
"""

WORDS = """
CREATE FUNCTION search_note_words() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM published_change(ARRAY(SELECT DISTINCT 'public-words-' || process_id FROM changed));
    RETURN NULL;
END
$$;

CREATE TRIGGER note_new_words AFTER INSERT ON search_publicword
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_note_words();
CREATE TRIGGER note_changed_words AFTER UPDATE ON search_publicword
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_note_words();
CREATE TRIGGER note_old_words AFTER DELETE ON search_publicword
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION search_note_words();
"""
FORGET_WORDS = """
DROP TRIGGER note_old_words ON search_publicword;
DROP TRIGGER note_changed_words ON search_publicword;
DROP TRIGGER note_new_words ON search_publicword;
DROP FUNCTION search_note_words();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_public_words"),
        ("published", "0006_versions"),
    ]

    operations = [
        migrations.RunSQL(TABLE, FORGET_TABLE),
        migrations.RunSQL(WORDS, FORGET_WORDS),
    ]
