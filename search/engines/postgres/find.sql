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

-- Whether a public row holds a query.
CREATE FUNCTION is_written(query tsquery) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path FROM CURRENT
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM published_publishedcandidacy AS p WHERE p.search_vector @@ query);
END
$$;

-- Of the stems of a word, any of them, those that a public row holds; all where none does. What
-- nobody writes would be looked for in each row that is ranked: «pavimentación» has six stems,
-- which its spellings might have, and two that are written.
CREATE FUNCTION written(word tsquery) RETURNS tsquery
LANGUAGE plpgsql STABLE STRICT
SET search_path FROM CURRENT
AS $$
DECLARE
    stem text;
    kept tsquery;
BEGIN
    IF numnode(word) = 1 OR word::text ~ '[<&!]' THEN
        RETURN word;
    END IF;
    FOREACH stem IN ARRAY string_to_array(word::text, ' | ') LOOP
        IF is_written(stem::tsquery) THEN
            kept := coalesce(kept || stem::tsquery, stem::tsquery);
        END IF;
    END LOOP;
    RETURN coalesce(kept, word);
END
$$;

-- How many stems a query holds. A phrase counts as one: its rank is not divided by them.
CREATE FUNCTION stems_in(query tsquery) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN query::text LIKE '%<%' THEN 1 ELSE (numnode(query) + 1) / 2 END;

-- The same query, of the register and the answers alone: nobody called Campos comes first when
-- «agricultura» was typed and «campo» only means the same.
CREATE FUNCTION outside_names(query tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(query::text, '(''(?:[^'']|'''')+'')', '\1:BCD', 'g')::tsquery;

-- Either of two queries; one alone where the other is null.
CREATE FUNCTION either(one tsquery, other tsquery) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(one || other, one, other);

-- The wanted terms as queries: of each, what was typed, other forms of it, and the words and the
-- phrases that only mean the same.
CREATE TYPE terms AS (typed tsquery[], forms tsquery[], alike tsquery[], phrases tsquery[]);

-- Other forms of the terms without the stems that nobody writes; null where no other is left.
CREATE FUNCTION other_forms(typed tsquery[], forms tsquery[]) RETURNS tsquery[]
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    stem text;
    others text[];
    all_others text[] := '{}';
    unwritten text[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(forms) LOOP
        others := string_to_array(typed[place]::text, ' | ');
        FOREACH stem IN ARRAY coalesce(string_to_array(forms[place]::text, ' | '), '{}') LOOP
            IF stem <> ALL (others) AND stem <> ALL (all_others) THEN
                all_others := all_others || stem;
            END IF;
        END LOOP;
    END LOOP;
    IF cardinality(all_others) > 0
        AND NOT is_written(array_to_string(all_others, ' | ')::tsquery)
    THEN
        unwritten := all_others;
    ELSE
        FOREACH stem IN ARRAY all_others LOOP
            IF NOT is_written(stem::tsquery) THEN
                unwritten := unwritten || stem;
            END IF;
        END LOOP;
    END IF;
    FOR place IN 1 .. cardinality(forms) LOOP
        others := string_to_array(typed[place]::text, ' | ');
        forms[place] := (SELECT CASE WHEN bool_or(form <> ALL (others))
                THEN string_agg(form, ' | ')::tsquery END
            FROM unnest(string_to_array(forms[place]::text, ' | ')) AS form
            WHERE form <> ALL (unwritten));
    END LOOP;
    RETURN forms;
END
$$;

-- The terms of a search as they come: how many there are, and every spelling of their single words,
-- since a search has dozens. Of each spelling: its term (from 1), what it is of the term (1: typed,
-- 2: another form, 3: it only means the same), and where in `spellings` its word begins. `series` are
-- the phrases of several words, [[term, what, phrase], …], where 4 is a phrase that only means the
-- same.
CREATE TYPE wanted AS (
    number integer,
    places integer[],
    kinds integer[],
    words integer[],
    spellings text[],
    series jsonb
);

-- The wanted terms; a word that is too common has no other form.
--
-- Which stems are written is asked, since what nobody writes would be looked for in each vector. Of
-- what was typed nobody asks, since it nearly always is, unless a stem may be looked for twice:
-- how often it counts depends on the others.
CREATE FUNCTION terms_wanted(wanted wanted) RETURNS terms
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
AS $$
DECLARE
    made terms;
    -- Whether a stem may be looked for twice.
    may_repeat boolean := 3 = ANY (wanted.kinds) OR wanted.series <> '[]';
    place integer;
    kind integer;
    repeats boolean;
    query tsquery;
    one jsonb;
BEGIN
    made.typed := array_fill(NULL::tsquery, ARRAY[wanted.number]);
    made.forms := made.typed;
    made.alike := made.typed;
    made.phrases := made.typed;
    FOR place, kind, repeats, query IN
        SELECT stemmed.place, stemmed.kind, count(*) > 1,
            string_agg(stems, ' | ' ORDER BY word)::tsquery
        FROM (
            SELECT w.place, w.kind, w.word, string_agg(DISTINCT
                quote_literal((ts_lexize('conoceles_stem', w.spelling))[1]), ' | ') AS stems
            FROM unnest(wanted.places, wanted.kinds, wanted.words, wanted.spellings)
                AS w (place, kind, word, spelling)
            GROUP BY w.place, w.kind, w.word
            HAVING NOT is_common(wanted.spellings[min(w.word)])
        ) AS stemmed
        GROUP BY stemmed.place, stemmed.kind
    LOOP
        may_repeat := may_repeat OR repeats;
        IF kind = 1 THEN
            made.typed[place] := query;
        ELSIF kind = 3 THEN
            made.alike[place] := query;
        ELSE
            made.forms[place] := query;
        END IF;
    END LOOP;
    FOR one IN SELECT jsonb_array_elements(wanted.series) LOOP
        place := one -> 0;
        query := asked(jsonb_build_array(jsonb_build_array(one -> 2)));
        IF one ->> 1 = '1' THEN
            made.typed[place] := either(made.typed[place], query);
        ELSE
            made.phrases[place] := either(made.phrases[place], query);
        END IF;
    END LOOP;
    FOR place IN 1 .. wanted.number LOOP
        IF made.typed[place] IS NULL THEN
            made.forms[place] := NULL;
        END IF;
        IF may_repeat THEN
            made.typed[place] := written(made.typed[place]);
            made.forms[place] := written(made.forms[place]);
            made.alike[place] := written(made.alike[place]);
        END IF;
    END LOOP;
    IF NOT may_repeat THEN
        made.forms := other_forms(made.typed, made.forms);
    END IF;
    RETURN made;
END
$$;

-- What the wanted terms are ranked by. All terms say as much without `worth`. Of up to four terms
-- all pairs count; of more, each term with the next. What only means the same is left out where it is
-- what was typed: it would say less of the same.
CREATE FUNCTION ranking_of(wanted terms, worth real[]) RETURNS ranking
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    made ranking;
    apart CONSTANT integer := CASE WHEN cardinality(wanted.typed) > 4 THEN 1 ELSE 3 END;
BEGIN
    made.terms := ARRAY(
        SELECT row(typed, stems_in(typed), others, stems_in(others), outside_names(phrase),
            coalesce(worth[place], 1))::ranked_term
        FROM unnest(wanted.typed, wanted.forms, wanted.alike, wanted.phrases)
            WITH ORDINALITY AS asked (typed, form, word, phrase, place),
            nullif(either(form, outside_names(word)), typed) AS others
        ORDER BY place);
    WITH said AS (
        SELECT term.typed, term.worth, row_number() OVER (ORDER BY place) AS place
        FROM unnest(made.terms) WITH ORDINALITY AS term
            (typed, typed_stems, alike, alike_stems, phrases, worth, place)
        WHERE term.typed IS NOT NULL
    )
    SELECT array_agg(row(one.typed && other.typed, (one.worth + other.worth) / 2)::ranked_pair
        ORDER BY one.place, other.place)
    INTO made.pairs
    FROM said AS one JOIN said AS other ON other.place BETWEEN one.place + 1 AND one.place + apart;
    made.pairs := coalesce(made.pairs, '{}');
    RETURN made;
END
$$;

-- Each wanted term, by any of its phrases.
CREATE FUNCTION terms_of(wanted terms) RETURNS tsquery[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(either(either(typed, form), either(word, phrase)) ORDER BY place)
    FROM unnest((wanted).typed, (wanted).forms, (wanted).alike, (wanted).phrases)
        WITH ORDINALITY AS asked (typed, form, word, phrase, place);
END;

-- Every term of one of the tiers [[place, …], …], the places counted from 0; of every term if
-- there are no tiers. Null if every word is too common.
CREATE FUNCTION any_tier(terms tsquery[], tiers jsonb) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    tier jsonb;
    term tsquery;
    every tsquery;
    either tsquery;
BEGIN
    IF tiers = '[]' THEN
        FOREACH term IN ARRAY terms LOOP
            every := coalesce(every && term, every, term);
        END LOOP;
        RETURN every;
    END IF;
    FOR tier IN SELECT jsonb_array_elements(tiers) LOOP
        every := NULL;
        FOR term IN SELECT terms[place::integer + 1] FROM jsonb_array_elements_text(tier) AS place
        LOOP
            every := coalesce(every && term, every, term);
        END LOOP;
        either := coalesce(either || every, either, every);
    END LOOP;
    RETURN either;
END
$$;

-- How many candidacies hold each term: -1 for a term that is too common to be searched; counted up
-- to 4,000, since who writes more says as little. Those that are `known` are not counted again.
CREATE FUNCTION frequencies(terms tsquery[], known integer[], whole bigint[],
    register_only bigint[])
RETURNS integer[]
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
AS $$
DECLARE
    number integer;
    numbers integer[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(terms) LOOP
        number := known[place];
        IF terms[place] IS NULL THEN
            number := -1;
        ELSIF number IS NULL THEN
            SELECT count(*) INTO number
            FROM (SELECT FROM found(terms[place], whole, register_only) LIMIT 4000) AS holders;
        END IF;
        numbers := numbers || number;
    END LOOP;
    RETURN numbers;
END
$$;

-- What is asked of a search. A `wanted` without terms browses; `made` are its terms as an earlier
-- answer to it had them (`terms`), or null. `kept` and each of `excluded` are as `asked` takes them.
-- `tiers` are those of `any_tier`, and `worth` is how much each wanted term says. `suspects` are words
-- to be looked up among the names, when at most `few` write them. `names` is another reading of
-- misspelt words, each a tsquery of exact names, which must be found with `kept`. Whoever bears a
-- name of the tsquery `likeliest` comes first. When fewer than `counted` match, the answer says how
-- many hold each term; `known` has those that are known. `chosen` are the values of the filters,
-- {facet: [value, …]}, those of «edad» as years. `ranked`, `skipped` and `shown` are those of `page`.
CREATE TYPE question AS (
    process bigint,
    instant timestamptz,
    wanted wanted,
    made terms,
    tiers jsonb,
    worth real[],
    counted integer,
    known integer[],
    excluded jsonb,
    kept jsonb,
    names text[],
    likeliest text,
    suspects jsonb,
    few integer,
    chosen jsonb,
    ordering text,
    ranked integer,
    skipped integer,
    shown integer
);

-- The answer to a `question`, which comes as one value: each value of its own takes its time.
--
-- `matched` are the candidacies that are found whatever the filters; null without terms, when all
-- are. `answer` is {ids, whole, register_only, lexemes}, or {common: true} when every word is too
-- common: the ids of the page, the offices of the process whose answers are public and those of
-- which only the register is, and the stems that were looked for. It has `terms` unless they were
-- made before, `near` if there were suspects, and `frequencies` and `bearers`, how many hold the whole
-- query in their name, when few match.
CREATE FUNCTION find(asked jsonb, OUT matched bigint[], OUT answer jsonb)
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_variable
DECLARE
    q CONSTANT question := jsonb_populate_record(NULL::question, asked);
    whole bigint[];
    register_only bigint[];
    narrowed filters;
    made terms := q.made;
    ranking ranking;
    terms tsquery[] := '{}';
    query tsquery;
    first_tier tsquery;
    reading tsquery;
    part text;
    unwanted jsonb;
BEGIN
    SELECT coalesce(array_agg(v.process_office_id) FILTER (WHERE v.answers_during @> q.instant), '{}'),
        coalesce(array_agg(v.process_office_id) FILTER (WHERE NOT v.answers_during @> q.instant), '{}')
    INTO whole, register_only
    FROM published_visibility AS v
    WHERE v.process_id = q.process AND v.register_during @> q.instant;
    IF (q.wanted).number > 0 THEN
        IF made IS NULL THEN
            made := terms_wanted(q.wanted);
        END IF;
        ranking := ranking_of(made, q.worth);
        terms := terms_of(made);
        query := any_tier(terms, q.tiers);
        IF q.tiers <> '[]' THEN
            first_tier := any_tier(terms, jsonb_build_array(q.tiers -> 0));
        END IF;
        IF cardinality(q.names) > 0 THEN
            reading := asked(q.kept);
            FOREACH part IN ARRAY q.names LOOP
                reading := coalesce(reading && part::tsquery, part::tsquery);
            END LOOP;
            query := coalesce(query || reading, reading);
        END IF;
        IF query IS NULL THEN
            answer := '{"common": true}';
            RETURN;
        END IF;
        FOR unwanted IN SELECT jsonb_array_elements(q.excluded) LOOP
            reading := asked(jsonb_build_array(unwanted));
            query := coalesce(query && !!reading, query);
        END LOOP;
        matched := ARRAY(SELECT candidacy_id FROM found(query, whole, register_only));
    END IF;
    IF q.chosen <> '{}' THEN
        narrowed := filters_of(q.process, q.chosen);
    END IF;
    answer := jsonb_build_object('whole', whole, 'register_only', register_only,
        'ids', page(query, matched, first_tier, ranking, q.likeliest::tsquery, whole, register_only,
            narrowed, q.ordering, q.ranked, q.skipped, q.shown),
        'lexemes', ARRAY(SELECT DISTINCT stem[1]
            FROM regexp_matches(array_to_string(terms, ' '), '''([^'']+)''', 'g') AS stem));
    IF (q.wanted).number > 0 AND q.made IS NULL THEN
        answer := answer || jsonb_build_object('terms', made);
    END IF;
    IF q.suspects <> '{}' THEN
        answer := answer || jsonb_build_object('near',
            near_names(q.process, q.suspects, whole, register_only, q.few));
    END IF;
    IF cardinality(matched) < q.counted THEN
        answer := answer || jsonb_build_object(
            'frequencies', frequencies(terms, q.known, whole, register_only),
            'bearers', (SELECT count(*) FROM found(query, whole, register_only) AS f
                WHERE ts_filter(f.register_vector, '{a}') @@ query));
    END IF;
END
$$;
