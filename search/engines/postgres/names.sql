-- Names that may have been meant by a misspelt word.

-- The pattern that finds a folded word in texts, as a whole word and with any accents.
CREATE FUNCTION as_written(word text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT '\m' || replace(replace(replace(replace(replace(replace(word, 'a', '[aáàä]'),
        'e', '[eéèë]'), 'i', '[iíìï]'), 'o', '[oóòö]'), 'u', '[uúùü]'), 'n', '[nñ]') || '\M';
END;

-- How many candidacies write a word exactly so, counted up to `enough`, among `looked_at` of those
-- that its stem finds, after the first `skipped`.
CREATE FUNCTION writers(word text, spellings jsonb, whole bigint[], register_only bigint[],
    skipped integer, looked_at integer, enough integer)
RETURNS integer
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
    pattern CONSTANT text := as_written(word);
    stemmed CONSTANT bigint[] := ARRAY(
        SELECT candidacy_id FROM found(word_asked(spellings), whole, register_only)
        OFFSET skipped LIMIT looked_at);
BEGIN
    RETURN (SELECT count(*) FROM (
        SELECT FROM published_publishedcandidacy
        WHERE candidacy_id = ANY (stemmed)
            AND (register_text ~* pattern OR (process_office_id = ANY (whole)
                AND (text_high_weight ~* pattern OR text_low_weight ~* pattern)))
        LIMIT enough) AS writers);
END
$$;

-- For each typed word (folded, with its spellings) that is nobody's name and that few candidacies
-- write exactly so, the words of public names that may have been meant:
-- {typed: [[name, whether it sounds the same], …]}. Most words are among those that are known to be
-- written (`search_publicword`), so that no text has to be read.
CREATE FUNCTION near_names(process bigint, typed jsonb, whole bigint[], register_only bigint[],
    few integer)
RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path FROM CURRENT
SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
SET plan_cache_mode = force_generic_plan
SET pg_trgm.word_similarity_threshold = 0.4
AS $$
#variable_conflict use_column
DECLARE
    namesakes CONSTANT integer := 300;
    -- Most words are written by some of the first that are looked at; the others are looked at only
    -- for words that come near a name.
    first_look CONSTANT integer := 60;
    whole_look CONSTANT integer := 300;
    near jsonb := '{}';
    typed_word text;
    spellings jsonb;
    names jsonb;
    written integer;
BEGIN
    FOR typed_word, spellings IN SELECT * FROM jsonb_each(typed) LOOP
        CONTINUE WHEN few < (SELECT p.candidacies FROM search_publicword AS p
            WHERE p.process_id = process AND p.word = typed_word);
        CONTINUE WHEN EXISTS (
            SELECT FROM published_publishedcandidacy AS p
            WHERE p.register_vector @@ format('%L', '=' || typed_word)::tsquery
                AND p.process_office_id + 0 = ANY (whole || register_only));
        written := writers(typed_word, spellings, whole, register_only, 0, first_look, few + 1);
        CONTINUE WHEN few < written;
        WITH keyed AS (
            (SELECT p.name FROM published_publishedcandidacy AS p
            WHERE conoceles_name_keys(p.name) && ARRAY['~' || conoceles_sound(typed_word)]
                AND p.process_office_id + 0 = ANY (whole || register_only) AND p.state = 'activa'
            LIMIT namesakes)
            UNION ALL
            (SELECT p.name FROM published_publishedcandidacy AS p
            WHERE conoceles_name_keys(p.name) && conoceles_word_keys(ARRAY[typed_word])
                AND p.process_office_id + 0 = ANY (whole || register_only) AND p.state = 'activa'
            LIMIT namesakes)
            UNION ALL
            (SELECT p.name FROM published_publishedcandidacy AS p
            WHERE length(typed_word) > 7 AND conoceles_fold(p.name) %> typed_word
                AND p.process_office_id + 0 = ANY (whole || register_only) AND p.state = 'activa'
            LIMIT namesakes)
        )
        SELECT jsonb_agg(
            jsonb_build_array(part, conoceles_sound(part) = conoceles_sound(typed_word)))
        INTO names
        FROM (SELECT DISTINCT unnest(conoceles_name_words(name)) AS part FROM keyed) AS parts
        WHERE levenshtein(part, typed_word) <= 2
            OR conoceles_sound(part) = conoceles_sound(typed_word);
        CONTINUE WHEN names IS NULL;
        written := written + writers(typed_word, spellings, whole, register_only, first_look,
            whole_look - first_look, few + 1 - written);
        CONTINUE WHEN few < written;
        IF written > 0 THEN
            -- A word that somebody writes is a word, unless it sounds like a name.
            SELECT jsonb_agg(name) INTO names
            FROM jsonb_array_elements(names) AS name WHERE (name ->> 1)::boolean;
            CONTINUE WHEN names IS NULL;
        END IF;
        near := near || jsonb_build_object(typed_word, names);
    END LOOP;
    RETURN near;
END
$$;
