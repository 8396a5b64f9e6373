-- What the wanted terms are ranked by, a place of each array for each term: the words as they were
-- typed, other forms of them with the single words that only mean the same, the phrases that do, how
-- much each term says, and how many stems `typed` and `alike` hold (ts_rank divides by them). Then the pairs of terms that count
-- more when they stand near each other, and how much each pair says.
CREATE TYPE ranking AS (
    typed tsquery[],
    alike tsquery[],
    phrases tsquery[],
    worth real[],
    typed_stems integer[],
    alike_stems integer[],
    pairs tsquery[],
    pairs_worth real[]
);

-- How well a vector holds one of the terms, from 0 to 1: by what was typed or, for less, by what only
-- means the same. The weights are of life, proposals, register and name: what ts_rank calls D, C, B
-- and A. A name that only has the stem of a word («Campa», of «campo») counts little: whoever bears
-- the word itself comes first anyway.
CREATE FUNCTION rank_of_term(vector tsvector, ranking ranking, place integer) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(
    CASE WHEN vector @@ (ranking).typed[place] THEN least(1, (ranking).typed_stems[place]
        * ts_rank('{0.05, 0.8, 0.9, 0.3}', vector, (ranking).typed[place])) ELSE 0 END,
    CASE WHEN vector @@ (ranking).alike[place] THEN 0.4::real
        * least(1, (ranking).alike_stems[place]
            * ts_rank('{0.05, 0.8, 0.9, 0.3}', vector, (ranking).alike[place])) END,
    CASE WHEN vector @@ (ranking).phrases[place] THEN 0.4::real
        * least(1, ts_rank('{0.05, 0.8, 0.9, 0.3}', vector, (ranking).phrases[place])) END)::real;

-- How near each other a vector holds the terms of one of the pairs.
CREATE FUNCTION rank_of_pair(vector tsvector, ranking ranking, place integer) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN vector @@ (ranking).pairs[place] THEN 0.5::real * (ranking).pairs_worth[place]
    * ts_rank_cd('{0.2, 1.0, 1.0, 1.0}', vector, (ranking).pairs[place], 32) ELSE 0 END;

-- The same for searches of more than three terms.
CREATE FUNCTION rank_of_many(vector tsvector, ranking ranking) RETURNS real
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    rank real := 0;
BEGIN
    FOR place IN 1 .. cardinality(ranking.typed) LOOP
        rank := rank + ranking.worth[place] * rank_of_term(vector, ranking, place);
    END LOOP;
    FOR place IN 1 .. coalesce(cardinality(ranking.pairs), 0) LOOP
        rank := rank + rank_of_pair(vector, ranking, place);
    END LOOP;
    RETURN rank;
END
$$;

-- How well a candidacy answers. Of each term: how often, and in fields of what weight, it holds it
-- (from 0 to 1, and less by what only means the same); of each pair, how near the two are. A word
-- that is said often soon counts no more, so that a long text does not win by its length.
--
-- `vector` must be in memory, as it is once it has been put into an array (`(ARRAY[vector])[1]`):
-- otherwise each step would fetch it again. What is not there is not ranked, which takes most of
-- the time. All of this is inlined: to call a function for each hit takes longer than to rank it.
CREATE FUNCTION rank_of(vector tsvector, ranking ranking) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE cardinality((ranking).typed)
    WHEN 1 THEN (ranking).worth[1] * rank_of_term(vector, ranking, 1)
    WHEN 2 THEN (ranking).worth[1] * rank_of_term(vector, ranking, 1)
        + (ranking).worth[2] * rank_of_term(vector, ranking, 2) + rank_of_pair(vector, ranking, 1)
    WHEN 3 THEN (ranking).worth[1] * rank_of_term(vector, ranking, 1)
        + (ranking).worth[2] * rank_of_term(vector, ranking, 2)
        + (ranking).worth[3] * rank_of_term(vector, ranking, 3)
        + rank_of_pair(vector, ranking, 1) + rank_of_pair(vector, ranking, 2)
        + rank_of_pair(vector, ranking, 3)
    ELSE rank_of_many(vector, ranking) END;

-- The ids of one page of results.
--
-- By relevance, whoever bears exactly the name that was typed comes first, and then whoever has
-- every term of the first tier (null: there are no tiers). The rank is exact among
-- at most `ranked` candidacies: all of them or, when there are more, those found by name and others
-- drawn by lot, which favours nobody; the rest follow, by lot.
CREATE FUNCTION page(query tsquery, first_tier tsquery, ranking ranking, likeliest tsquery,
    whole bigint[], register_only bigint[], chosen filters, ordering text, total integer,
    ranked integer, skipped integer, shown integer)
RETURNS bigint[]
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    drawn integer := 1024;
    named bigint[];
    best bigint[];
    rest bigint[];
BEGIN
    IF ordering = 'nombre' THEN
        RETURN ARRAY(
            SELECT candidacy_id FROM hits(query, whole, register_only, chosen)
            ORDER BY sort_key, candidacy_id LIMIT shown OFFSET skipped);
    ELSIF ordering = 'boleta' THEN
        RETURN ARRAY(
            SELECT h.candidacy_id
            FROM hits(query, whole, register_only, chosen) AS h
            JOIN catalogs_territory AS t ON t.id = h.territory_id
            JOIN catalogs_office AS o ON o.id = h.office_id
            JOIN catalogs_politicalactor AS a ON a.id = h.actor_id
            ORDER BY t.sort_key, o.ballot_order, a.ballot_order, a.key,
                h.list_number NULLS LAST, h.seat_kind, h.sort_key, h.candidacy_id
            LIMIT shown OFFSET skipped);
    END IF;
    IF total <= ranked THEN
        RETURN ARRAY(
            WITH candidates AS MATERIALIZED (
                SELECT h.candidacy_id, (ARRAY[coalesce(r.vector, h.vector)])[1] AS vector
                FROM hits(query, whole, register_only, chosen) AS h
                LEFT JOIN search_ranked AS r
                    ON r.candidacy_id = h.candidacy_id AND h.is_whole
            )
            SELECT candidacy_id FROM candidates
            ORDER BY vector @@ likeliest DESC, vector @@ first_tier DESC,
                rank_of(vector, ranking) DESC, conoceles_lot(candidacy_id), candidacy_id
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
        WITH hit AS (
            SELECT candidacy_id, vector, is_whole FROM hits(query, whole, register_only, chosen)
            WHERE cardinality(named) > 0 AND candidacy_id = ANY (named)
            UNION ALL
            SELECT candidacy_id, vector, is_whole FROM hits(query, whole, register_only, chosen)
            WHERE conoceles_lot(candidacy_id) < drawn AND candidacy_id <> ALL (named)
        ), candidates AS MATERIALIZED (
            SELECT h.candidacy_id, (ARRAY[coalesce(r.vector, h.vector)])[1] AS vector
            FROM hit AS h
            LEFT JOIN search_ranked AS r ON r.candidacy_id = h.candidacy_id AND h.is_whole
        )
        SELECT candidacy_id FROM candidates
        ORDER BY vector @@ likeliest DESC, vector @@ first_tier DESC,
            rank_of(vector, ranking) DESC, conoceles_lot(candidacy_id), candidacy_id);
    IF skipped + shown <= cardinality(best) THEN
        RETURN best[skipped + 1 : skipped + shown];
    END IF;
    rest := ARRAY(
        SELECT h.candidacy_id
        FROM hits(query, whole, register_only, chosen) AS h
        WHERE NOT EXISTS (SELECT FROM unnest(best) AS b (id) WHERE b.id = h.candidacy_id)
        ORDER BY conoceles_lot(h.candidacy_id), h.candidacy_id
        LIMIT skipped + shown - greatest(skipped, cardinality(best))
        OFFSET greatest(skipped - cardinality(best), 0));
    RETURN best[skipped + 1 : cardinality(best)] || rest;
END
$$;
