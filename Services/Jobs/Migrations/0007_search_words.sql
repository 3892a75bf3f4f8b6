-- What a search finds is the words of the people who write and look, no longer the tokens of PostgreSQL's parser,
-- to which "React/Vue" is a file, "Node.js" a host and "C++" a "C". A text is made into plain words first, on both
-- sides alike, and only then given to the parser (docs/decisions/0012-the-words-of-gigs-have-a-table.md).
--
-- Every step goes through the text once, so that its time grows with its length, whatever is written in it. Letters and
-- digits are [a-z0-9\u0080-\U0010ffff] and not [[:alnum:]], which depends on the locale of the database.

-- In lower case, without accents and invisible characters, and with names for the marks that make a word another one:
-- "C++" is "cplusplus" and "C#" is "csharp".
CREATE FUNCTION folded_text(text text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    text := lower(left(text, 50000) COLLATE "und-x-icu");
    IF text ~ '[^\x01-\x7f]' THEN
        text := normalize(text, NFKD);
        text := regexp_replace(text, '[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g');
        text := translate(text, '‐‑‒–’ʼ“”„«»', '----''''"""""');
        -- Marks and signs beyond ASCII separate words, as those of ASCII do. One character can have become eighteen.
        text := normalize(regexp_replace(text, '[\u0080-\u00bf\u2000-\u2bff\u3000-\u303f]', ' ', 'g'), NFC);
        text := left(text, 50000);
    END IF;
    IF strpos(text, '++') > 0 THEN
        text := regexp_replace(text, '([a-z0-9\u0080-\U0010ffff])\+\+', '\1plusplus ', 'g');
    END IF;
    IF strpos(text, '#') > 0 THEN
        text := regexp_replace(text, '(^|[^a-z0-9\u0080-\U0010ffff])([a-z])#', '\1\2sharp ', 'g');
    END IF;
    RETURN text;
END $$;

-- The parts of all words, with a space between them: "node js" for "node.js". ".net" is "dotnet". Where a script puts no
-- spaces between words, each character is a part, so that a word is found as a sequence of them.
CREATE FUNCTION word_parts(folded text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    IF strpos(folded, '.net') > 0 THEN
        folded := regexp_replace(folded, '\.net(?![a-z0-9\u0080-\U0010ffff])', ' dotnet', 'g');
    END IF;
    folded := regexp_replace(folded, '[^a-z0-9\u0080-\U0010ffff]+', ' ', 'g');
    IF folded ~ '[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]' THEN
        folded := regexp_replace(
            folded, '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])', ' \1 ', 'g');
    END IF;
    RETURN folded;
END $$;

-- What else the words with marks or digits in them are looked for as: "nodejs" for "node.js", "cicd" for "ci/cd",
-- "python 3 12" for "python3.12", and "net" for ".net".
CREATE FUNCTION joined_words(folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(string_agg(
               CASE WHEN char_length(word[1]) <= 64
                    THEN regexp_replace(word[1], '[^a-z0-9\u0080-\U0010ffff]+', '', 'g') ELSE '' END
               || CASE WHEN word[1] ~ '[a-z]{2}[0-9]'
                       THEN ' ' || regexp_replace(
                           regexp_replace(word[1], '([a-z]{2})([0-9])', '\1 \2', 'g'),
                           '[^a-z0-9\u0080-\U0010ffff]+', ' ', 'g')
                       ELSE '' END
               || CASE WHEN word[1] LIKE '%.net' THEN ' net' ELSE '' END, ' '), '')
      FROM regexp_matches(
          folded,
          '([a-z0-9\u0080-\U0010ffff]+(?:[-./_''@:&+]+[a-z0-9\u0080-\U0010ffff]+)+'
          || '|\.net|[a-z]{2,}[0-9][a-z0-9\u0080-\U0010ffff]*)', 'g') AS word
$$;

-- What an index holds of a text.
CREATE FUNCTION indexed_words(text text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    text := folded_text(text);
    RETURN to_tsvector('english', word_parts(text) || ' ' || joined_words(text));
END $$;

-- One word as it is looked for: its parts in their order, or all of it joined. Between strokes, commas and the like the
-- order is free: "React/Vue" finds "Vue/React".
CREATE FUNCTION sought_word(folded text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    pieces text[] := regexp_split_to_array(folded, '[/,;&|]+');
    piece  text;
    parts  text;
    term   tsquery;
    sought tsquery := '';
BEGIN
    FOREACH piece IN ARRAY pieces LOOP
        parts := btrim(word_parts(piece));
        CONTINUE WHEN parts = '';
        term := phraseto_tsquery('english', parts);
        IF strpos(parts, ' ') > 0 THEN
            -- A phrase that lost a stop word would find less than was asked for: "T-SQL" is not any "SQL".
            IF numnode(term) < 2 * array_length(regexp_split_to_array(parts, ' +'), 1) - 1 THEN
                term := '';
            END IF;
            term := term || plainto_tsquery(
                'english', regexp_replace(piece, '[^a-z0-9\u0080-\U0010ffff]+', '', 'g'));
            IF numnode(term) = 0 THEN term := phraseto_tsquery('english', parts); END IF;
        END IF;
        IF piece ~ '[a-z]{2}[0-9]' THEN
            term := term || phraseto_tsquery(
                'english', word_parts(regexp_replace(piece, '([a-z]{2})([0-9])', '\1 \2', 'g')));
        END IF;
        sought := sought && term;
    END LOOP;
    IF array_length(pieces, 1) > 1 AND char_length(folded) <= 64 THEN
        sought := sought || plainto_tsquery(
            'english', regexp_replace(folded, '[^a-z0-9\u0080-\U0010ffff]+', '', 'g'));
    END IF;
    RETURN sought;
END $$;

-- What a person types into a search: all words, "a phrase" in quotes, or between two alternatives, and -word for what is
-- left out, as websearch_to_tsquery reads it.
CREATE FUNCTION sought_words(text text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    part         text[];
    term         tsquery;
    together     tsquery := '';
    alternatives tsquery := '';
    is_other     boolean := false;
BEGIN
    FOR part IN SELECT regexp_matches(folded_text(text), '(-?)(?:"([^"]*)"?|([^\s"]+))', 'g') LOOP
        IF part[3] = 'or' THEN
            is_other := true;
            CONTINUE;
        END IF;
        term := CASE WHEN part[3] IS NULL THEN phraseto_tsquery('english', word_parts(part[2]))
                     ELSE sought_word(part[3]) END;
        CONTINUE WHEN numnode(term) = 0;
        IF part[1] = '-' THEN term := !! term; END IF;
        IF is_other THEN
            alternatives := alternatives || together;
            together := term;
        ELSE
            together := together && term;
        END IF;
        is_other := false;
    END LOOP;
    RETURN alternatives || together;
END $$;

-- The words that were made otherwise are made again by the service, some hundreds at a time: a search finds them as it
-- did until then.
ALTER TABLE gig_words ADD COLUMN form smallint NOT NULL DEFAULT 1;
CREATE INDEX gig_words_of_old ON gig_words (gig_id) WHERE form < 2;

CREATE FUNCTION words_of_gig(gig gigs) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT setweight(indexed_words(gig.title), 'A')
           || setweight(indexed_words(concat_ws(' ', gig.description, gig.scope)), 'B')
$$;
CREATE OR REPLACE FUNCTION write_gig_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gig_words (gig_id, words, form) VALUES (NEW.id, words_of_gig(NEW), 2)
    ON CONFLICT (gig_id) DO UPDATE SET words = EXCLUDED.words, form = EXCLUDED.form;
    RETURN NULL;
END $$;
