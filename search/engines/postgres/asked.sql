-- What was typed, as a tsquery.

-- Whether nobody searches for a folded word by itself: by its stem or, where other words that do
-- say something share the stem («parir», «comida», «sida»), by the word; those stems are indexed.
CREATE FUNCTION is_common(word text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT word IN ('asi', 'como', 'cuanto', 'mas', 'para', 'ser', 'sido', 'sobre', 'son')
        OR coalesce((ts_lexize('conoceles_stem', word))[1] = ANY (conoceles_common_stems()), true);
END;

-- The stems of every spelling of a word, any of them: whoever types without accents finds the same
-- as whoever types them, and «mujer» what «mujeres» finds. Null for words too common to search.
-- `spellings` is a JSON array; its first item is the folded word.
CREATE FUNCTION word_asked(spellings jsonb) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN NOT is_common(spellings ->> 0)
        THEN string_agg(DISTINCT quote_literal(stems[1]), ' | ')::tsquery END
    FROM (
        SELECT ts_lexize('conoceles_stem', spelling) AS stems
        FROM jsonb_array_elements_text(spellings) AS spelling
    ) AS stemmed;
END;

-- The tsquery of the terms [[phrase, …], …]: every term must be found, by any of its phrases. A
-- phrase is its words in that order; a common word leaves its place empty. Null if every word is
-- too common.
CREATE FUNCTION asked(terms jsonb) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    term jsonb;
    phrase jsonb;
    spellings jsonb;
    word tsquery;
    together tsquery;
    either tsquery;
    every tsquery;
    distance integer;
BEGIN
    FOR term IN SELECT jsonb_array_elements(terms) LOOP
        either := NULL;
        FOR phrase IN SELECT jsonb_array_elements(term) LOOP
            together := NULL;
            distance := 0;
            FOR spellings IN SELECT jsonb_array_elements(phrase) LOOP
                distance := distance + 1;
                word := word_asked(spellings);
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
