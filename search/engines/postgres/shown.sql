-- What a page of results shows of the candidacies that an engine found, in its order; whoever is not
-- public at the instant is left out, and so is what is not public any more of the others (ADR 0008).
CREATE FUNCTION shown(ids bigint[], instant timestamptz, with_passages boolean)
RETURNS TABLE (candidacy_id bigint, external_id text, name text, slug text, office_id bigint,
    territory_id bigint, actor_id bigint, principle text, seat_kind text, list_number integer,
    sex text, age integer, state text, superseded_by_id bigint, updated double precision,
    version integer, published double precision, photo text, photo_alt text, photo_name text,
    photo_width integer, facet_values text, passages text)
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT p.candidacy_id, p.external_id::text, p.name::text, p.slug::text, p.office_id,
            p.territory_id, p.actor_id, p.principle::text, p.seat_kind::text, p.list_number,
            p.sex::text, p.age::integer, p.state::text, p.superseded_by_id, date_part('epoch', p.updated_at),
            p.version, CASE WHEN may.show THEN date_part('epoch', p.published_at) END,
            CASE WHEN may.show THEN p.photo::text ELSE '' END,
            CASE WHEN may.show THEN p.photo_alt::text ELSE '' END,
            CASE WHEN may.show THEN p.photo_name::text ELSE '' END,
            CASE WHEN may.show THEN p.photo_width::integer ELSE 0 END,
            CASE WHEN may.show THEN p.facets_as_text ELSE '{}' END,
            CASE WHEN may.show AND with_passages THEN p.passages ELSE '' END
        FROM unnest(ids) WITH ORDINALITY AS found (id, place)
        JOIN published_publishedcandidacy AS p ON p.candidacy_id = found.id
        JOIN published_visibility AS v ON v.process_office_id = p.process_office_id
        CROSS JOIN LATERAL (SELECT v.answers_during @> instant AS show) AS may
        WHERE v.register_during @> instant AND p.state = 'activa'
        ORDER BY found.place;
END
$$;
