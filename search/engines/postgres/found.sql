-- Which candidacies are found, and which of them pass the filters.
--
-- Why `find` sets `enable_seqscan = off` and `force_generic_plan` for all that it calls: texts and
-- vectors are stored outside the rows (TOAST), and the planner does not know what it costs to fetch
-- them; for a frequent word it would scan the table, which takes many times longer than the index.
-- The functions in SQL below are inlined into its statements. It also turns parallel workers off: to
-- start them costs more than a search, and the processors are wanted by others who search. What is
-- called from elsewhere too sets this for itself; each setting takes its time, so nothing else does.

-- What a query finds: in everything of the offices whose answers are public (`whole`), and in the
-- register alone of those whose answers are over (ADR 0008). Without a query: whatever is public.
-- Nobody finds a candidacy that ended: its vectors are empty (ADR 0058).
-- «+ 0» keeps the planner from preferring the index of the offices to the index of the words.
CREATE FUNCTION found(query tsquery, whole bigint[], register_only bigint[])
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    sex text, age integer, facets text, list_number integer, seat_kind text, sort_key text,
    register_vector tsvector)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        p.facets_as_text, p.list_number, p.seat_kind, p.sort_key, p.register_vector
    FROM published_publishedcandidacy AS p
    WHERE query IS NOT NULL AND p.search_vector @@ query
        AND p.process_office_id + 0 = ANY (whole)
    UNION ALL
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        '{}', p.list_number, p.seat_kind, p.sort_key, p.register_vector
    FROM published_publishedcandidacy AS p
    WHERE query IS NOT NULL AND cardinality(register_only) > 0
        AND p.register_vector @@ query AND p.process_office_id + 0 = ANY (register_only)
    UNION ALL
    SELECT p.candidacy_id, p.territory_id, p.office_id, p.actor_id, p.sex, p.age::integer,
        CASE WHEN p.process_office_id = ANY (whole) THEN p.facets_as_text ELSE '{}' END,
        p.list_number, p.seat_kind, p.sort_key, p.register_vector
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

-- Whether the values of a candidacy are among those chosen of every facet of the questionnaires.
CREATE FUNCTION has_own(facets jsonb, own jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(bool_and(chosen ? coalesce(facets ->> name, '')), true)
    FROM jsonb_each(own) AS filters (name, chosen);
END;

-- What is found and passes every filter.
CREATE FUNCTION hits(query tsquery, whole bigint[], register_only bigint[], chosen filters)
RETURNS TABLE (candidacy_id bigint, territory_id bigint, office_id bigint, actor_id bigint,
    list_number integer, seat_kind text, sort_key text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.candidacy_id, f.territory_id, f.office_id, f.actor_id, f.list_number, f.seat_kind,
        f.sort_key
    FROM found(query, whole, register_only) AS f
    WHERE chosen IS NULL OR (
        (f.territory_id = ANY ((chosen).municipalities) OR (chosen).municipalities IS NULL)
        AND (f.office_id = ANY ((chosen).offices) OR (chosen).offices IS NULL)
        AND (f.actor_id = ANY ((chosen).actors) OR (chosen).actors IS NULL)
        AND (f.sex = ANY ((chosen).sexes) OR (chosen).sexes IS NULL)
        AND (f.age = ANY ((chosen).ages) OR (chosen).ages IS NULL)
        AND ((chosen).own IS NULL OR has_own(f.facets::jsonb, (chosen).own)));
END;
