"""How texts and names become what is searched: two stemmings, and keys for misspelt names (ADR 0003).

Plain SQL on contrib modules that any PostgreSQL from 15 up carries; no ICU collation is named.
Bodies in the standard's form (BEGIN ATOMIC) hold whatever the search path is: indexes are built,
and dumps restored, with an empty one.
"""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

TEXTS = r"""
-- Lower case and no diacritics; «ñ» as «n»: who types without accents types without tilde too.
CREATE FUNCTION conoceles_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT unaccent('unaccent', lower(value));
END;

-- Design §5: folded, with the accent given back that the stemmer needs to know -ción and -sión.
CREATE FUNCTION conoceles_r(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT regexp_replace(conoceles_fold(value), '([cs])ion\M', '\1ión', 'g');
END;

-- What the parser would take for paths, hosts, addresses or tags is words: «niñas/niños»,
-- «agua.Luego», «<agua>».
CREATE FUNCTION conoceles_words_apart(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT regexp_replace(value, '[/\\._@:<>&~\-‐-―\u200b-\u200d\u2060\ufeff]', ' ', 'g');
END;

-- PostgreSQL's own list of common words has «estado», «contra», «sentido», «antes» and «nada»: it
-- is not used, and no list in a file can be, since servers that others keep take none.
CREATE TEXT SEARCH DICTIONARY conoceles_stem (TEMPLATE = pg_catalog.snowball, Language = spanish);
CREATE TEXT SEARCH CONFIGURATION conoceles_spanish (COPY = pg_catalog.spanish);
ALTER TEXT SEARCH CONFIGURATION conoceles_spanish
    ALTER MAPPING REPLACE pg_catalog.spanish_stem WITH conoceles_stem;

-- Stems of words that say nothing by themselves: not kept, their places in the text stay empty.
CREATE FUNCTION conoceles_common_stems() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '{
        a, al, algo, algun, ante, aquel, aquell, aqui, aun, aunqu, cad, con, cual, cualqui,
        cuand, de, del, desd, dond, dos, e, el, ella, ellas, ello, ellos, en, entre, era, eran,
        es, esa, esas, ese, eso, esos, esta, estas, este, esto, estos, fue, fueron, ha, hab,
        habi, han, has, hast, hay, he, hem, la, las, le, les, lo, los, me, mi, mientr, mis,
        much, muy, ni, no, nos, nosotr, nuestr, o, os, otra, otras, otro, otros, per, por,
        porqu, pues, que, qui, quien, se, sea, segun, si, siend, sin, soy, su, sus, suy, tal,
        tambi, tan, tant, te, tien, tod, tu, tus, u, un, una, unas, uno, unos, usted, y, ya, yo
    }'::text[];
END;

-- Whether nobody searches for a folded word by itself: by its stem or, where others that do say
-- something share it («parir», «comida», «sida»), by the word; those stems are kept.
CREATE FUNCTION conoceles_is_common(word text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT word IN ('asi', 'como', 'cuanto', 'mas', 'para', 'ser', 'sido', 'sobre', 'son')
        OR coalesce((ts_lexize('conoceles_stem', word))[1] = ANY (conoceles_common_stems()), true);
END;

-- Both stemmings of a text: either alone loses words (measured). The lexeme «=», which no search
-- holds, keeps the last word of one from being the neighbour of the first word of the next.
CREATE FUNCTION conoceles_vector(value text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT ts_delete(
        to_tsvector('conoceles_spanish', conoceles_words_apart(value)) || '''='':9'
            || to_tsvector('conoceles_spanish', conoceles_r(conoceles_words_apart(value)))
            || '''='':9',
        conoceles_common_stems());
END;

-- Folded words of a name, of two letters or more.
CREATE FUNCTION conoceles_name_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT word), '{}')
    FROM regexp_split_to_table(conoceles_fold(name), '[^a-z]+') AS word
    WHERE length(word) > 1;
END;

CREATE FUNCTION conoceles_exact_names(name text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(string_agg(format('%L:%sA', '=' || word, position), ' '), '')::tsvector
    FROM unnest(conoceles_name_words(name)) WITH ORDINALITY AS words (word, position);
END;

-- Weights: A name; B office, territory, actor and nickname; C proposals; D life. The words of the
-- name stand unstemmed too, after «=»: «Rojas» is not «Rojo» when a name is asked for.
CREATE FUNCTION published_fill_vectors() RETURNS trigger
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

CREATE TRIGGER fill_vectors
    BEFORE INSERT OR UPDATE OF
        name, register_text, text_proposals, text_life, register_vector, search_vector
    ON published_publishedcandidacy
    FOR EACH ROW EXECUTE FUNCTION published_fill_vectors();

-- What is counted stays in narrow rows; texts, answers and vectors rest beside them.
ALTER TABLE published_publishedcandidacy SET (toast_tuple_target = 512);
-- A list of pending entries would make every search after an import read it through.
ALTER INDEX published_search_gin SET (fastupdate = off);
ALTER INDEX published_register_gin SET (fastupdate = off);
"""

FORGET_TEXTS = r"""
ALTER INDEX published_register_gin RESET (fastupdate);
ALTER INDEX published_search_gin RESET (fastupdate);
ALTER TABLE published_publishedcandidacy RESET (toast_tuple_target);
DROP TRIGGER fill_vectors ON published_publishedcandidacy;
DROP FUNCTION published_fill_vectors();
DROP FUNCTION conoceles_exact_names(text);
DROP FUNCTION conoceles_name_words(text);
DROP FUNCTION conoceles_vector(text);
DROP FUNCTION conoceles_is_common(text);
DROP FUNCTION conoceles_common_stems();
DROP TEXT SEARCH CONFIGURATION conoceles_spanish;
DROP TEXT SEARCH DICTIONARY conoceles_stem;
DROP FUNCTION conoceles_words_apart(text);
DROP FUNCTION conoceles_r(text);
DROP FUNCTION conoceles_fold(text);
"""

NAMES = r"""
-- How a folded word sounds in Mexico: b/v, c/s/z, g/j, ll/y, x/j, silent h, doubled letters.
CREATE FUNCTION conoceles_sound(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT regexp_replace(translate(replace(replace(regexp_replace(regexp_replace(regexp_replace(
        regexp_replace(replace(word, 'ch', '1'),
        'c(?=[ei])', 's', 'g'), 'g(?=[ei])', 'j', 'g'), 'qu(?=[ei])', 'k', 'g'),
        'gu(?=[ei])', 'g', 'g'), 'll', 'y'), 'ph', 'f'),
        'zvcqxwh', 'sbkkju'), '(.)\1+', '\1', 'g');
END;

-- Keys under which a word is found with one letter wrong: itself, itself without each of its
-- letters (two words at one edit share one of these) and, after «~», its sound.
CREATE FUNCTION conoceles_word_keys(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT key), '{}')
    FROM unnest(words) AS word
    CROSS JOIN LATERAL (
        SELECT word
        UNION ALL
        SELECT left(word, n - 1) || substr(word, n + 1)
        FROM generate_series(1, length(word)) AS n WHERE length(word) > 2
        UNION ALL
        SELECT '~' || conoceles_sound(word)
    ) AS keys (key);
END;

CREATE FUNCTION conoceles_name_keys(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT conoceles_word_keys(conoceles_name_words(name));
END;

CREATE INDEX published_name_keys_gin ON published_publishedcandidacy
    USING gin (conoceles_name_keys(name)) WITH (fastupdate = off);
CREATE INDEX published_name_trgm ON published_publishedcandidacy
    USING gin (conoceles_fold(name) gin_trgm_ops) WITH (fastupdate = off);
"""

FORGET_NAMES = r"""
DROP INDEX published_name_trgm;
DROP INDEX published_name_keys_gin;
DROP FUNCTION conoceles_name_keys(text);
DROP FUNCTION conoceles_word_keys(text[]);
DROP FUNCTION conoceles_sound(text);
"""


class Migration(migrations.Migration):
    dependencies = [("published", "0001_initial")]

    operations = [
        CreateExtension("unaccent"),
        CreateExtension("pg_trgm"),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(TEXTS, FORGET_TEXTS),
        migrations.RunSQL(NAMES, FORGET_NAMES),
    ]
