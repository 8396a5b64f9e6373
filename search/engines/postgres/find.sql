-- A whole search, in one call.

-- The rows that the values of the filters stand for; null when nothing was chosen. A value that is
-- in no catalogue stands for no row, so that it finds nothing.
CREATE FUNCTION filters_of(process bigint, chosen jsonb) RETURNS filters
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN chosen <> '{}' THEN ROW(
        CASE WHEN chosen ? 'municipio' THEN ARRAY(
            SELECT t.id FROM catalogs_territory AS t
            WHERE t.kind = 'municipio'
                AND chosen -> 'municipio' ? coalesce(nullif(t.cvegeo, ''), t.slug)) END,
        CASE WHEN chosen ? 'cargo' THEN ARRAY(
            SELECT o.id FROM catalogs_office AS o WHERE chosen -> 'cargo' ? o.code) END,
        CASE WHEN chosen ? 'actor' THEN ARRAY(
            SELECT a.id FROM catalogs_politicalactor AS a
            WHERE a.process_id = process AND chosen -> 'actor' ? a.key) END,
        CASE WHEN chosen ? 'sexo' THEN ARRAY(
            SELECT jsonb_array_elements_text(chosen -> 'sexo')) END,
        CASE WHEN chosen ? 'edad' THEN ARRAY(
            SELECT jsonb_array_elements_text(chosen -> 'edad')::integer) END,
        nullif(chosen - '{municipio, cargo, actor, sexo, edad}'::text[], '{}')
    )::filters END;
END;

-- {total, matched, counts, ids, lexemes, near}, or {common: true} when every word is too common.
-- `matched` ignores the filters. `wanted`, `kept` and each of `excluded` are as `asked` takes them;
-- a null `wanted` browses. `suspects` are words to be looked up among the names. `names` is another
-- reading of misspelt words, each a tsquery of exact names, which must be found with `kept`.
-- Whoever bears a name of the tsquery `likeliest` comes first. `chosen` are the values of the
-- filters, {facet: [value, …]}, those of «edad» as years.
CREATE FUNCTION find(process bigint, instant timestamptz, wanted jsonb, excluded jsonb, kept jsonb,
    names text[], likeliest text, suspects jsonb, few integer, chosen jsonb, ordering text,
    ranked integer, skipped integer, shown integer)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_variable
DECLARE
    whole bigint[];
    register_only bigint[];
    narrowed filters;
    query tsquery;
    reading tsquery;
    part text;
    unwanted jsonb;
    lexemes text[] := '{}';
    found jsonb;
    ids bigint[] := '{}';
    near jsonb := '{}';
BEGIN
    SELECT coalesce(array_agg(v.process_office_id) FILTER (WHERE v.answers_during @> instant), '{}'),
        coalesce(array_agg(v.process_office_id) FILTER (WHERE NOT v.answers_during @> instant), '{}')
    INTO whole, register_only
    FROM published_visibility AS v
    WHERE v.process_id = process AND v.register_during @> instant;
    IF wanted IS NOT NULL THEN
        query := asked(wanted);
        lexemes := ARRAY(SELECT DISTINCT stem[1]
            FROM regexp_matches(query::text, '''([^'']+)''', 'g') AS stem);
        IF cardinality(names) > 0 THEN
            reading := asked(kept);
            FOREACH part IN ARRAY names LOOP
                reading := coalesce(reading && part::tsquery, part::tsquery);
            END LOOP;
            query := coalesce(query || reading, reading);
        END IF;
        IF query IS NULL THEN
            RETURN jsonb_build_object('common', true);
        END IF;
        FOR unwanted IN SELECT jsonb_array_elements(excluded) LOOP
            reading := asked(jsonb_build_array(unwanted));
            query := coalesce(query && !!reading, query);
        END LOOP;
    END IF;
    narrowed := filters_of(process, chosen);
    found := counts(query, whole, register_only, narrowed);
    IF (found ->> 'total')::integer > skipped THEN
        ids := page(query, likeliest::tsquery, whole, register_only, narrowed, ordering,
            (found ->> 'total')::integer, ranked, skipped, shown);
    END IF;
    IF suspects <> '{}' THEN
        near := near_names(suspects, whole, register_only, few);
    END IF;
    RETURN found || jsonb_build_object('ids', ids, 'near', near, 'lexemes', lexemes);
END
$$;
