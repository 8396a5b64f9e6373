-- What a term is ranked by: the word as it was typed, other forms of it with the single words that
-- only mean the same, the phrases that do, how many stems `typed` and `alike` hold (ts_rank divides by
-- them), and how much the term says.
CREATE TYPE ranked_term AS (
    typed tsquery,
    typed_stems integer,
    alike tsquery,
    alike_stems integer,
    phrases tsquery,
    worth real
);

-- Two terms, which count more when they stand near each other, and how much they say.
CREATE TYPE ranked_pair AS (terms tsquery, worth real);

CREATE TYPE ranking AS (terms ranked_term[], pairs ranked_pair[]);

-- How well a vector holds a term, from 0 to 1: by what was typed or, for less, by what only means the
-- same. The weights are of life, proposals, register and name: what ts_rank calls D, C, B and A. A
-- name that only has the stem of a word («Campa», of «campo») counts little: whoever bears the word
-- itself comes first anyway.
--
-- What is not there is not ranked, which takes most of the time. This is inlined: to call a function
-- for each hit takes longer than to rank it.
CREATE FUNCTION rank_of_term(vector tsvector, typed tsquery, typed_stems integer, alike tsquery,
    alike_stems integer, phrases tsquery) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN greatest(
    CASE WHEN vector @@ typed THEN least(1, typed_stems
        * ts_rank('{0.05, 0.8, 0.9, 0.3}', vector, typed)) ELSE 0 END,
    CASE WHEN vector @@ alike THEN 0.4::real * least(1, alike_stems
        * ts_rank('{0.05, 0.8, 0.9, 0.3}', vector, alike)) END,
    CASE WHEN vector @@ phrases THEN 0.4::real
        * least(1, ts_rank('{0.05, 0.8, 0.9, 0.3}', vector, phrases)) END)::real;

-- How near each other a vector holds two terms.
CREATE FUNCTION rank_of_pair(vector tsvector, terms tsquery, worth real) RETURNS real
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN vector @@ terms THEN 0.5::real * worth
    * ts_rank_cd('{0.2, 1.0, 1.0, 1.0}', vector, terms, 32) ELSE 0 END;

-- How well a candidacy answers. Of each term: how often, and in fields of what weight, it holds it
-- (from 0 to 1, and less by what only means the same); of each pair, how near the two are. A word
-- that is said often soon counts no more, so that a long text does not win by its length.
CREATE FUNCTION rank_of(vector tsvector, ranking ranking) RETURNS real
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    term ranked_term;
    pair ranked_pair;
    rank real := 0;
BEGIN
    FOREACH term IN ARRAY ranking.terms LOOP
        rank := rank + term.worth * rank_of_term(vector, term.typed, term.typed_stems, term.alike,
            term.alike_stems, term.phrases);
    END LOOP;
    FOREACH pair IN ARRAY ranking.pairs LOOP
        rank := rank + rank_of_pair(vector, pair.terms, pair.worth);
    END LOOP;
    RETURN rank;
END
$$;

-- The vectors of candidacies: of everything that is public of each. Where all of it is
-- (`register_only` is empty), no public row is read. Its body is text, so that the table which a
-- migration of the search made can be dropped before these functions are.
CREATE FUNCTION vectors(ids bigint[], register_only bigint[])
RETURNS TABLE (candidacy_id bigint, vector tsvector)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT r.candidacy_id, r.vector
    FROM search_ranked AS r
    WHERE cardinality(register_only) = 0 AND r.candidacy_id = ANY (ids)
    UNION ALL
    SELECT r.candidacy_id,
        CASE WHEN p.process_office_id = ANY (register_only) THEN p.register_vector ELSE r.vector END
    FROM search_ranked AS r
    JOIN published_publishedcandidacy AS p ON p.candidacy_id = r.candidacy_id
    WHERE cardinality(register_only) > 0 AND r.candidacy_id = ANY (ids);
$$;

-- Candidacies by relevance, the first `shown` of them: those who bear one of the likeliest names,
-- then those who have every term of the first tier, and all of these by rank.
--
-- What a vector is compared with are variables of their own: to take a term out of an array, or a
-- query out of a term, for each vector took as long as the rank.
CREATE FUNCTION ordered(ids bigint[], register_only bigint[], first_tier tsquery, ranking ranking,
    likeliest tsquery, shown integer)
RETURNS bigint[]
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
    terms CONSTANT integer := cardinality(ranking.terms);
    a ranked_term := ranking.terms[1];
    b ranked_term := ranking.terms[2];
    c ranked_term := ranking.terms[3];
    ab ranked_pair := ranking.pairs[1];
    ac ranked_pair := ranking.pairs[2];
    bc ranked_pair := ranking.pairs[3];
BEGIN
    RETURN ARRAY(
        SELECT candidacy_id FROM vectors(ids, register_only)
        ORDER BY vector @@ likeliest DESC, vector @@ first_tier DESC,
            CASE WHEN terms > 3 THEN rank_of(vector, ranking) ELSE
                a.worth * rank_of_term(vector, a.typed, a.typed_stems, a.alike, a.alike_stems,
                    a.phrases)
                + CASE WHEN terms > 1 THEN
                    b.worth * rank_of_term(vector, b.typed, b.typed_stems, b.alike, b.alike_stems,
                        b.phrases)
                    + rank_of_pair(vector, ab.terms, ab.worth) ELSE 0 END
                + CASE WHEN terms > 2 THEN
                    c.worth * rank_of_term(vector, c.typed, c.typed_stems, c.alike, c.alike_stems,
                        c.phrases)
                    + rank_of_pair(vector, ac.terms, ac.worth)
                    + rank_of_pair(vector, bc.terms, bc.worth) ELSE 0 END
            END DESC,
            conoceles_lot(candidacy_id), candidacy_id
        LIMIT shown);
END
$$;

-- The ids of one page of results, of those that were found (`matched`).
--
-- By relevance, whoever bears exactly the name that was typed comes first, and then whoever has
-- every term of the first tier (null: there are no tiers). The rank is exact among
-- at most `ranked` candidacies: all of them or, when there are more, those found by name and others
-- drawn by lot, which favours nobody; the rest follow, by lot.
CREATE FUNCTION page(query tsquery, matched bigint[], first_tier tsquery, ranking ranking,
    likeliest tsquery, whole bigint[], register_only bigint[], chosen filters, ordering text,
    ranked integer, skipped integer, shown integer)
RETURNS bigint[]
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
    passing bigint[] := matched;
    drawn integer;
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
    -- «IS NOT NULL» would want every facet to be chosen.
    IF NOT chosen IS NULL THEN
        passing := ARRAY(SELECT candidacy_id FROM hits(query, whole, register_only, chosen));
    END IF;
    IF cardinality(passing) <= ranked THEN
        best := ordered(passing, register_only, first_tier, ranking, likeliest, skipped + shown);
        RETURN best[skipped + 1 : skipped + shown];
    END IF;
    drawn := ceil(1024.0 * ranked / cardinality(passing));
    named := ARRAY(
        SELECT p.candidacy_id FROM published_publishedcandidacy AS p
        WHERE p.register_vector @@ query
            AND p.process_office_id + 0 = ANY (whole || register_only)
            AND ts_filter(p.register_vector, '{a}') @@ query
        ORDER BY p.sort_key LIMIT ranked);
    IF NOT chosen IS NULL AND cardinality(named) > 0 THEN
        named := ARRAY(SELECT id FROM unnest(named) AS id WHERE id = ANY (passing));
    END IF;
    best := ordered(
        named || ARRAY(SELECT id FROM unnest(passing) AS id
            WHERE conoceles_lot(id) < drawn AND id <> ALL (named)),
        register_only, first_tier, ranking, likeliest, NULL);
    IF skipped + shown <= cardinality(best) THEN
        RETURN best[skipped + 1 : skipped + shown];
    END IF;
    rest := ARRAY(
        SELECT id FROM unnest(passing) AS id WHERE id <> ALL (best)
        ORDER BY conoceles_lot(id), id
        LIMIT skipped + shown - greatest(skipped, cardinality(best))
        OFFSET greatest(skipped - cardinality(best), 0));
    RETURN best[skipped + 1 : cardinality(best)] || rest;
END
$$;
