"""The PostgreSQL engine's own side of a search: one call reads, counts and orders.

Why functions: texts and vectors rest outside the rows (TOAST), and the planner does not know what
fetching them costs: for a frequent word it would scan the table, many times slower than the index.
A function can say `enable_seqscan = off` for itself alone, keeps its plans for the session, and
decides between its own steps without a round trip. `search.engines.postgres` calls them.
"""

from django.db import migrations

ASKED = r"""
-- A word (folded, the first of its spellings) in each spelling that differs by one accent or tilde
-- or in number, as any of their stems: whoever types without accents finds the same, «mujer» what
-- «mujeres» does. Null for words too common to search.
CREATE FUNCTION conoceles_word_asked(spellings jsonb) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN NOT conoceles_is_common(spellings ->> 0)
        THEN string_agg(DISTINCT quote_literal(stems[1]), ' | ')::tsquery END
    FROM (
        SELECT ts_lexize('conoceles_stem', spelling) AS stems
        FROM jsonb_array_elements_text(spellings) AS spelling
    ) AS stemmed;
END;

-- The tsquery of [[phrase, …], …]: every item, by any of its phrases; a phrase is its words in
-- that order, common ones leaving their place empty. Null if all words are too common.
CREATE FUNCTION conoceles_asked(items jsonb) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    item jsonb;
    phrase jsonb;
    spellings jsonb;
    word tsquery;
    together tsquery;
    either tsquery;
    every tsquery;
    distance integer;
BEGIN
    FOR item IN SELECT jsonb_array_elements(items) LOOP
        either := NULL;
        FOR phrase IN SELECT jsonb_array_elements(item) LOOP
            together := NULL;
            distance := 0;
            FOR spellings IN SELECT jsonb_array_elements(phrase) LOOP
                distance := distance + 1;
                word := conoceles_word_asked(spellings);
                CONTINUE WHEN word IS NULL;
                together := CASE WHEN together IS NULL THEN word
                    ELSE tsquery_phrase(together, word, distance) END;
                distance := 0;
            END LOOP;
            either := coalesce(either || together, either, together);
        END LOOP;
        every := coalesce(every && either, every, either);
    END LOOP;
    RETURN every;
END
$$;
"""

FOUND = r"""
-- What a query finds: in everything of offices whose answers are public (`whole`), in the register
-- alone of those whose answers are over (ADR 0008). Without a query, whatever is public.
-- «+ 0» keeps the indexes of other columns from being preferred to that of the words.
CREATE FUNCTION conoceles_found(query tsquery, whole bigint[], register_only bigint[])
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    sex text, age integer, degree text, list_number integer, seat_kind text, sort_key text,
    register_vector tsvector, vector tsvector)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        p.degree, p.list_number, p.seat_kind, p.sort_key, p.register_vector, p.search_vector
    FROM published_publishedcandidacy AS p
    WHERE query IS NOT NULL AND p.search_vector @@ query
        AND p.process_office_id + 0 = ANY (whole)
    UNION ALL
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        '', p.list_number, p.seat_kind, p.sort_key, p.register_vector, p.register_vector
    FROM published_publishedcandidacy AS p
    WHERE query IS NOT NULL AND cardinality(register_only) > 0
        AND p.register_vector @@ query AND p.process_office_id + 0 = ANY (register_only)
    UNION ALL
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        CASE WHEN p.process_office_id = ANY (whole) THEN p.degree ELSE '' END,
        p.list_number, p.seat_kind, p.sort_key, p.register_vector, p.register_vector
    FROM published_publishedcandidacy AS p
    WHERE query IS NULL AND p.process_office_id = ANY (whole || register_only);
END;

-- A number from 0 to 1023 by lot, always the same for a candidacy.
CREATE FUNCTION conoceles_lot(candidacy_id bigint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (hashint8extended(candidacy_id, 2024) & 1023)::integer;

CREATE INDEX published_lot ON published_publishedcandidacy (conoceles_lot(candidacy_id));

-- What is found and passes every filter; a filter that is null lets everything pass.
CREATE FUNCTION conoceles_hits(query tsquery, whole bigint[], register_only bigint[],
    municipalities bigint[], offices bigint[], actors bigint[], sexes text[], ages integer[],
    degrees text[])
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    list_number integer, seat_kind text, sort_key text, register_vector tsvector, vector tsvector)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.candidacy_id, f.territory_id, f.office_id, f.actor_id, f.list_number, f.seat_kind,
        f.sort_key, f.register_vector, f.vector
    FROM conoceles_found(query, whole, register_only) AS f
    WHERE (municipalities IS NULL OR f.territory_id = ANY (municipalities))
        AND (offices IS NULL OR f.office_id = ANY (offices))
        AND (actors IS NULL OR f.actor_id = ANY (actors))
        AND (sexes IS NULL OR f.sex = ANY (sexes))
        AND (ages IS NULL OR f.age = ANY (ages))
        AND (degrees IS NULL OR f.degree = ANY (degrees));
END;
"""

COUNTS = r"""
-- Rows (facet, value, number) as JSON, of one scan. A facet's own filter does not count for it:
-- a row that misses one filter counts for that facet alone. «hits» counts what passes every
-- filter (true) and what does not (false).
CREATE FUNCTION conoceles_counts(query tsquery, whole bigint[], register_only bigint[],
    municipalities bigint[], offices bigint[], actors bigint[], sexes text[], ages integer[],
    degrees text[])
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    facet_names CONSTANT jsonb := '{"31": "municipio", "47": "cargo", "55": "actor",
        "59": "sexo", "61": "edad", "62": "grado", "63": "hits"}';
    counted jsonb;
BEGIN
    IF coalesce(municipalities, offices, actors) IS NULL
        AND coalesce(sexes, degrees) IS NULL AND ages IS NULL THEN
        -- Three groupings of the hits, the last one grouped again: cheaper than one per facet.
        WITH grouped AS MATERIALIZED (
            SELECT grouping(territory_id, age, office_id) AS level, territory_id, age, office_id,
                actor_id, sex, degree, count(*) AS number
            FROM conoceles_found(query, whole, register_only)
            GROUP BY GROUPING SETS
                ((territory_id), (age), (office_id, actor_id, sex, degree))
        ), combined AS (
            SELECT * FROM grouped WHERE level = 6
        )
        SELECT jsonb_agg(jsonb_build_array(facet, value, number)) INTO counted
        FROM (
            SELECT 'municipio' AS facet, territory_id::text AS value, number
            FROM grouped WHERE level = 3
            UNION ALL
            SELECT 'edad', coalesce(age::text, ''), number FROM grouped WHERE level = 5
            UNION ALL
            SELECT 'cargo', office_id::text, sum(number) FROM combined GROUP BY office_id
            UNION ALL
            SELECT 'actor', actor_id::text, sum(number) FROM combined GROUP BY actor_id
            UNION ALL
            SELECT 'sexo', sex, sum(number) FROM combined GROUP BY sex
            UNION ALL
            SELECT 'grado', degree, sum(number) FROM combined GROUP BY degree
            UNION ALL
            SELECT 'hits', 'true', coalesce(sum(number), 0) FROM combined
        ) AS plain;
        RETURN counted;
    END IF;
    SELECT jsonb_agg(jsonb_build_array(facet_names ->> facet::text, value, number)) INTO counted
    FROM (
        SELECT grouping(t, o, a, s, e, d) AS facet,
            coalesce(t::text, o::text, a::text, s, e::text, d, hit::text) AS value,
            count(*) AS number
        FROM (
            SELECT CASE WHEN missed & 62 = 0 THEN territory_id ELSE -1 END AS t,
                CASE WHEN missed & 61 = 0 THEN office_id ELSE -1 END AS o,
                CASE WHEN missed & 59 = 0 THEN actor_id ELSE -1 END AS a,
                CASE WHEN missed & 55 = 0 THEN sex ELSE '-1' END AS s,
                CASE WHEN missed & 47 = 0 THEN age ELSE -1 END AS e,
                CASE WHEN missed & 31 = 0 THEN degree ELSE '-1' END AS d,
                missed = 0 AS hit
            FROM (
                SELECT f.*,
                    CASE WHEN municipalities IS NULL OR territory_id = ANY (municipalities)
                        THEN 0 ELSE 1 END
                    + CASE WHEN offices IS NULL OR office_id = ANY (offices) THEN 0 ELSE 2 END
                    + CASE WHEN actors IS NULL OR actor_id = ANY (actors) THEN 0 ELSE 4 END
                    + CASE WHEN sexes IS NULL OR sex = ANY (sexes) THEN 0 ELSE 8 END
                    + CASE WHEN ages IS NULL OR age = ANY (ages) THEN 0 ELSE 16 END
                    + CASE WHEN degrees IS NULL OR degree = ANY (degrees) THEN 0 ELSE 32 END
                    AS missed
                FROM conoceles_found(query, whole, register_only) AS f
            ) AS judged
        ) AS masked
        GROUP BY GROUPING SETS ((t), (o), (a), (s), (e), (d), (hit))
    ) AS filtered
    WHERE value <> '-1';
    RETURN coalesce(counted, '[]');
END
$$;
"""

ORDER = r"""
-- The ids of one page. By relevance, whoever is called exactly so comes first. The rank is exact
-- among at most `ranked` candidacies: all of them or, of more, those found by name and others by
-- lot, which favours nobody; then the rest.
CREATE FUNCTION conoceles_page(query tsquery, likeliest tsquery, whole bigint[],
    register_only bigint[], municipalities bigint[], offices bigint[], actors bigint[],
    sexes text[], ages integer[], degrees text[], ordering text, total integer, ranked integer,
    skipped integer, shown integer)
RETURNS bigint[]
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    weights CONSTANT real[] := '{0.1, 0.2, 0.4, 1.0}';
    drawn integer := 1024;
    named bigint[];
    best bigint[];
    rest bigint[];
BEGIN
    IF ordering = 'nombre' THEN
        RETURN ARRAY(
            SELECT candidacy_id
            FROM conoceles_hits(query, whole, register_only, municipalities, offices, actors,
                sexes, ages, degrees)
            ORDER BY sort_key, candidacy_id LIMIT shown OFFSET skipped);
    ELSIF ordering = 'boleta' THEN
        RETURN ARRAY(
            SELECT h.candidacy_id
            FROM conoceles_hits(query, whole, register_only, municipalities, offices, actors,
                sexes, ages, degrees) AS h
            JOIN catalogs_territory AS t ON t.id = h.territory_id
            JOIN catalogs_office AS o ON o.id = h.office_id
            JOIN catalogs_politicalactor AS a ON a.id = h.actor_id
            ORDER BY t.sort_key, o.ballot_order, a.ballot_order, a.key,
                h.list_number NULLS LAST, h.seat_kind, h.sort_key, h.candidacy_id
            LIMIT shown OFFSET skipped);
    END IF;
    IF total <= ranked THEN
        RETURN ARRAY(
            SELECT candidacy_id
            FROM conoceles_hits(query, whole, register_only, municipalities, offices, actors,
                sexes, ages, degrees)
            ORDER BY register_vector @@ likeliest DESC, ts_rank(weights, vector, query) DESC,
                conoceles_lot(candidacy_id), candidacy_id
            LIMIT shown OFFSET skipped);
    END IF;
    drawn := ceil(1024.0 * ranked / total);
    named := ARRAY(
        SELECT p.candidacy_id FROM published_publishedcandidacy AS p
        WHERE p.register_vector @@ query
            AND p.process_office_id + 0 = ANY (whole || register_only)
            AND ts_filter(p.register_vector, '{a}') @@ query
        ORDER BY p.sort_key LIMIT ranked);
    best := ARRAY(
        SELECT candidacy_id FROM (
            SELECT candidacy_id, register_vector, vector
            FROM conoceles_hits(query, whole, register_only, municipalities, offices, actors,
                sexes, ages, degrees)
            WHERE cardinality(named) > 0 AND candidacy_id = ANY (named)
            UNION ALL
            SELECT candidacy_id, register_vector, vector
            FROM conoceles_hits(query, whole, register_only, municipalities, offices, actors,
                sexes, ages, degrees)
            WHERE conoceles_lot(candidacy_id) < drawn AND candidacy_id <> ALL (named)
        ) AS candidates
        ORDER BY register_vector @@ likeliest DESC, ts_rank(weights, vector, query) DESC,
            conoceles_lot(candidacy_id), candidacy_id);
    IF skipped + shown <= cardinality(best) THEN
        RETURN best[skipped + 1 : skipped + shown];
    END IF;
    rest := ARRAY(
        SELECT h.candidacy_id
        FROM conoceles_hits(query, whole, register_only, municipalities, offices, actors,
            sexes, ages, degrees) AS h
        WHERE NOT EXISTS (SELECT FROM unnest(best) AS b (id) WHERE b.id = h.candidacy_id)
        ORDER BY conoceles_lot(h.candidacy_id), h.candidacy_id
        LIMIT skipped + shown - greatest(skipped, cardinality(best))
        OFFSET greatest(skipped - cardinality(best), 0));
    RETURN best[skipped + 1 : cardinality(best)] || rest;
END
$$;
"""

NEAR = r"""
-- The pattern of a folded word in texts, whole, with any accents.
CREATE FUNCTION conoceles_as_written(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN '\m' || replace(replace(replace(replace(replace(replace(word, 'a', '[aáàä]'),
    'e', '[eéèë]'), 'i', '[iíìï]'), 'o', '[oóòö]'), 'u', '[uúùü]'), 'n', '[nñ]') || '\M';

-- How many write a word as it stands, up to `enough`, of the first `looked_at` that its stem finds.
CREATE FUNCTION conoceles_writers(word text, spellings jsonb, whole bigint[],
    register_only bigint[], looked_at integer, enough integer)
RETURNS integer
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    pattern CONSTANT text := conoceles_as_written(word);
    stemmed CONSTANT bigint[] := ARRAY(
        SELECT candidacy_id
        FROM conoceles_found(conoceles_word_asked(spellings), whole, register_only)
        LIMIT looked_at);
BEGIN
    RETURN (SELECT count(*) FROM (
        SELECT FROM published_publishedcandidacy
        WHERE candidacy_id = ANY (stemmed)
            AND (register_text ~* pattern OR (process_office_id = ANY (whole)
                AND (text_proposals ~* pattern OR text_life ~* pattern)))
        LIMIT enough) AS writers);
END
$$;

-- For each typed word (folded; with its spellings) that is nobody's name and that few candidacies
-- write as it stands, the words of public names that may have been meant:
-- {typed: [[name, sounds the same], …]}.
CREATE FUNCTION conoceles_near_names(typed jsonb, whole bigint[], register_only bigint[],
    few integer)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
SET pg_trgm.word_similarity_threshold = 0.4
AS $$
#variable_conflict use_column
DECLARE
    namesakes CONSTANT integer := 300;
    near jsonb := '{}';
    word text;
    spellings jsonb;
    names jsonb;
    written integer;
BEGIN
    FOR word, spellings IN SELECT * FROM jsonb_each(typed) LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM published_publishedcandidacy AS p
            WHERE p.register_vector @@ format('%L', '=' || word)::tsquery
                AND p.process_office_id + 0 = ANY (whole || register_only));
        CONTINUE WHEN few < conoceles_writers(word, spellings, whole, register_only, 60, few + 1);
        WITH keyed AS (
            (SELECT p.name FROM published_publishedcandidacy AS p
            WHERE conoceles_name_keys(p.name) && ARRAY['~' || conoceles_sound(word)]
                AND p.process_office_id + 0 = ANY (whole || register_only)
            LIMIT namesakes)
            UNION ALL
            (SELECT p.name FROM published_publishedcandidacy AS p
            WHERE conoceles_name_keys(p.name) && conoceles_word_keys(ARRAY[word])
                AND p.process_office_id + 0 = ANY (whole || register_only)
            LIMIT namesakes)
            UNION ALL
            (SELECT p.name FROM published_publishedcandidacy AS p
            WHERE length(word) > 7 AND conoceles_fold(p.name) %> word
                AND p.process_office_id + 0 = ANY (whole || register_only)
            LIMIT namesakes)
        )
        SELECT jsonb_agg(jsonb_build_array(part, conoceles_sound(part) = conoceles_sound(word)))
        INTO names
        FROM (SELECT DISTINCT unnest(conoceles_name_words(name)) AS part FROM keyed) AS parts
        WHERE levenshtein(part, word) <= 2 OR conoceles_sound(part) = conoceles_sound(word);
        CONTINUE WHEN names IS NULL;
        written := conoceles_writers(word, spellings, whole, register_only, 300, few + 1);
        CONTINUE WHEN few < written;
        IF written > 0 THEN
            -- What somebody writes is a word, unless it sounds like a name.
            SELECT jsonb_agg(name) INTO names
            FROM jsonb_array_elements(names) AS name WHERE (name ->> 1)::boolean;
            CONTINUE WHEN names IS NULL;
        END IF;
        near := near || jsonb_build_object(word, names);
    END LOOP;
    RETURN near;
END
$$;
"""

SEARCH = r"""
-- A whole search: {total, matched, counts, page, lexemes, near}. `matched` ignores the filters.
-- `wanted`, `kept` and each of `excluded` are as conoceles_asked takes them; null `wanted` browses.
-- `suspects` are words to be looked up among the names. `names` is another reading of misspelt
-- words, each a tsquery of exact names, that must be with `kept`; whoever is called as the tsquery
-- `likeliest` comes first.
CREATE FUNCTION conoceles_search(process bigint, instant timestamptz, wanted jsonb,
    excluded jsonb, kept jsonb, names text[], likeliest text, suspects jsonb, few integer,
    municipalities bigint[], offices bigint[], actors bigint[], sexes text[], ages integer[],
    degrees text[], ordering text, ranked integer, skipped integer, shown integer)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_variable
DECLARE
    whole bigint[];
    register_only bigint[];
    query tsquery;
    reading tsquery;
    part text;
    unwanted jsonb;
    lexemes text[] := '{}';
    counts jsonb := '[]';
    page bigint[] := '{}';
    near jsonb := '{}';
    total integer := 0;
    matched integer := 0;
BEGIN
    SELECT
        coalesce(array_agg(w.id) FILTER (WHERE w.public_until IS NULL
            OR w.public_until > instant), '{}'),
        coalesce(array_agg(w.id) FILTER (WHERE w.public_until <= instant), '{}')
    INTO whole, register_only
    FROM catalogs_processoffice AS w
    WHERE w.process_id = process AND w.visible_from <= instant;
    IF wanted IS NOT NULL THEN
        query := conoceles_asked(wanted);
        lexemes := ARRAY(SELECT DISTINCT stem[1]
            FROM regexp_matches(query::text, '''([^'']+)''', 'g') AS stem);
        IF cardinality(names) > 0 THEN
            reading := conoceles_asked(kept);
            FOREACH part IN ARRAY names LOOP
                reading := coalesce(reading && part::tsquery, part::tsquery);
            END LOOP;
            query := coalesce(query || reading, reading);
        END IF;
        IF query IS NULL THEN
            RETURN jsonb_build_object('common', true);
        END IF;
        FOR unwanted IN SELECT jsonb_array_elements(excluded) LOOP
            reading := conoceles_asked(jsonb_build_array(unwanted));
            query := coalesce(query && !!reading, query);
        END LOOP;
    END IF;
    counts := coalesce(conoceles_counts(query, whole, register_only, municipalities, offices,
        actors, sexes, ages, degrees), '[]');
    SELECT coalesce(sum(number) FILTER (WHERE value = 'true'), 0), coalesce(sum(number), 0)
    INTO total, matched
    FROM (SELECT item ->> 1 AS value, (item ->> 2)::integer AS number
        FROM jsonb_array_elements(counts) AS item WHERE item ->> 0 = 'hits') AS hits;
    IF total > skipped THEN
        page := conoceles_page(query, likeliest::tsquery, whole, register_only,
            municipalities, offices, actors, sexes, ages, degrees, ordering, total, ranked,
            skipped, shown);
    END IF;
    IF suspects <> '{}' THEN
        near := conoceles_near_names(suspects, whole, register_only, few);
    END IF;
    RETURN jsonb_build_object('total', total, 'matched', matched, 'counts', counts,
        'page', page, 'near', near, 'lexemes', lexemes);
END
$$;
"""

FORGET = r"""
DROP FUNCTION conoceles_search(bigint, timestamptz, jsonb, jsonb, jsonb, text[], text, jsonb,
    integer, bigint[], bigint[], bigint[], text[], integer[], text[], text, integer, integer, integer);
DROP FUNCTION conoceles_near_names(jsonb, bigint[], bigint[], integer);
DROP FUNCTION conoceles_writers(text, jsonb, bigint[], bigint[], integer, integer);
DROP FUNCTION conoceles_as_written(text);
DROP FUNCTION conoceles_page(tsquery, tsquery, bigint[], bigint[], bigint[], bigint[], bigint[],
    text[], integer[], text[], text, integer, integer, integer, integer);
DROP FUNCTION conoceles_counts(tsquery, bigint[], bigint[], bigint[], bigint[], bigint[], text[],
    integer[], text[]);
DROP FUNCTION conoceles_hits(tsquery, bigint[], bigint[], bigint[], bigint[], bigint[], text[],
    integer[], text[]);
DROP INDEX published_lot;
DROP FUNCTION conoceles_lot(bigint);
DROP FUNCTION conoceles_found(tsquery, bigint[], bigint[]);
DROP FUNCTION conoceles_asked(jsonb);
DROP FUNCTION conoceles_word_asked(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("published", "0002_search_text")]

    operations = [migrations.RunSQL(ASKED + FOUND + COUNTS + ORDER + NEAR + SEARCH, FORGET)]
