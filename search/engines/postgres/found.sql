-- Which candidacies are found, and which filters each of them fails.
--
-- Why these functions set `enable_seqscan = off` and `force_generic_plan` for themselves where they
-- are in PL/pgSQL: texts and vectors are stored outside the rows (TOAST), and the planner does not
-- know what it costs to fetch them; for a frequent word it would scan the table, which takes many
-- times longer than the index. The functions in SQL below are inlined into those statements.
-- `find` and `near_names` also turn parallel workers off: to start them costs more than a search, and
-- the processors are wanted by others who search.

-- What a query finds: in everything of the offices whose answers are public (`whole`), and in the
-- register alone of those whose answers are over (ADR 0008). Without a query: whatever is public.
-- Nobody finds a candidacy that ended: its vectors are empty (ADR 0058).
-- `is_whole`: `vector` is that of everything, which `search_ranked` holds too.
-- «+ 0» keeps the planner from preferring the index of the offices to the index of the words.
CREATE FUNCTION found(query tsquery, whole bigint[], register_only bigint[])
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    sex text, age integer, facets text, list_number integer, seat_kind text, sort_key text,
    register_vector tsvector, vector tsvector, is_whole boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        p.facets_as_text, p.list_number, p.seat_kind, p.sort_key, p.register_vector, p.search_vector,
        true
    FROM published_publishedcandidacy AS p
    WHERE query IS NOT NULL AND p.search_vector @@ query
        AND p.process_office_id + 0 = ANY (whole)
    UNION ALL
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        '{}', p.list_number, p.seat_kind, p.sort_key, p.register_vector,
        p.register_vector, false
    FROM published_publishedcandidacy AS p
    WHERE query IS NOT NULL AND cardinality(register_only) > 0
        AND p.register_vector @@ query AND p.process_office_id + 0 = ANY (register_only)
    UNION ALL
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        CASE WHEN p.process_office_id = ANY (whole) THEN p.facets_as_text ELSE '{}' END,
        p.list_number, p.seat_kind, p.sort_key, p.register_vector,
        p.register_vector, false
    FROM published_publishedcandidacy AS p
    WHERE query IS NULL AND p.process_office_id = ANY (whole || register_only)
        AND p.state = 'activa';
END;

-- The values that were chosen of each facet; a facet that is null lets everything pass, and so does
-- a null of this type. `own` are the facets of the process's questionnaires: {name: [value, …]}.
CREATE TYPE filters AS (
    municipalities bigint[],
    offices bigint[],
    actors bigint[],
    sexes text[],
    ages integer[],
    own jsonb
);

-- The names of the questionnaires' facets whose filter these values fail, each after a comma.
CREATE FUNCTION missed_own(facets jsonb, own jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(string_agg(',' || name, '' ORDER BY name), '')
    FROM jsonb_each(own) AS filters (name, chosen)
    WHERE NOT chosen ? coalesce(facets ->> name, '');
END;

-- What is found, with `missed`: the names of the facets whose filter it fails, each after a comma.
CREATE FUNCTION judged(query tsquery, whole bigint[], register_only bigint[], chosen filters)
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    sex text, age integer, facets text, list_number integer, seat_kind text, sort_key text,
    register_vector tsvector, vector tsvector, is_whole boolean, missed text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.*,
        CASE WHEN chosen IS NULL THEN '' ELSE
            CASE WHEN f.territory_id = ANY ((chosen).municipalities)
                OR (chosen).municipalities IS NULL THEN '' ELSE ',municipio' END
            || CASE WHEN f.office_id = ANY ((chosen).offices)
                OR (chosen).offices IS NULL THEN '' ELSE ',cargo' END
            || CASE WHEN f.actor_id = ANY ((chosen).actors)
                OR (chosen).actors IS NULL THEN '' ELSE ',actor' END
            || CASE WHEN f.sex = ANY ((chosen).sexes)
                OR (chosen).sexes IS NULL THEN '' ELSE ',sexo' END
            || CASE WHEN f.age = ANY ((chosen).ages)
                OR (chosen).ages IS NULL THEN '' ELSE ',edad' END
            || CASE WHEN (chosen).own IS NULL THEN ''
                ELSE missed_own(f.facets::jsonb, (chosen).own) END
        END
    FROM found(query, whole, register_only) AS f;
END;

-- What is found and passes every filter.
CREATE FUNCTION hits(query tsquery, whole bigint[], register_only bigint[], chosen filters)
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    list_number integer, seat_kind text, sort_key text, vector tsvector, is_whole boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT j.candidacy_id, j.territory_id, j.office_id, j.actor_id, j.list_number, j.seat_kind,
        j.sort_key, j.vector, j.is_whole
    FROM judged(query, whole, register_only, chosen) AS j
    WHERE j.missed = '';
END;
