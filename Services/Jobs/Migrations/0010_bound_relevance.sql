-- A search by relevance weighs each place of a word against each place of every other word of the search. With the 256
-- places that PostgreSQL keeps of each, one gig took half a second for sixty words. So only the first four places of each
-- word are weighed; phrases are still found at all places (docs/decisions/0012-the-words-of-gigs-have-a-table.md).

-- The words with their first four places; NULL when no word has more.
CREATE FUNCTION ranked_words(words tsvector) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT string_agg(
               '''' || lexeme || ''':' || positions[1] || weights[1]
               || coalesce(',' || positions[2] || weights[2], '')
               || coalesce(',' || positions[3] || weights[3], '')
               || coalesce(',' || positions[4] || weights[4], ''), ' ')::tsvector
      FROM unnest(words)
    HAVING max(cardinality(positions)) > 4
$$;

-- The relevance of a gig. A long text counts less than a short one, by all its places.
CREATE FUNCTION relevance(words tsvector, ranked tsvector, places int, sought tsquery) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ranked IS NULL THEN ts_rank(words, sought, 1)
                ELSE ts_rank(ranked, sought) * ln(2.0::double precision) / ln(places + 1.0::double precision) END
$$;

ALTER TABLE gig_words ADD COLUMN ranked tsvector;
-- How many places all its words have; NULL like "ranked".
ALTER TABLE gig_words ADD COLUMN places int;
ALTER TABLE gig_words ADD CONSTRAINT ranked_whole CHECK ((ranked IS NULL) = (places IS NULL)) NOT VALID;

CREATE FUNCTION rank_gig_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.ranked := ranked_words(NEW.words);
    NEW.places := CASE WHEN NEW.ranked IS NOT NULL
                       THEN (SELECT sum(cardinality(positions)) FROM unnest(NEW.words)) END;
    RETURN NEW;
END $$;
-- Whoever writes the words, what is weighed follows from them.
CREATE TRIGGER rank_words BEFORE INSERT OR UPDATE OF words ON gig_words FOR EACH ROW EXECUTE FUNCTION rank_gig_words();

CREATE OR REPLACE FUNCTION write_gig_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gig_words (gig_id, words, form) VALUES (NEW.id, words_of_gig(NEW), 3)
    ON CONFLICT (gig_id) DO UPDATE SET words = EXCLUDED.words, form = EXCLUDED.form;
    RETURN NULL;
END $$;

-- As in 0007, but with a space after every 64 characters beyond ASCII in a row. PostgreSQL sorts the accents of a letter
-- in a time that grows with the square of their number.
CREATE OR REPLACE FUNCTION folded_text(text text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    text := lower(left(text, 50000) COLLATE "und-x-icu");
    IF text ~ '[^\x01-\x7f]' THEN
        text := normalize(regexp_replace(text, '([^\x01-\x7f]{64})', '\1 ', 'g'), NFKD);
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

-- The service weighs the words from before anew, some hundreds at a time.
DROP INDEX gig_words_of_old;
CREATE INDEX gig_words_of_old ON gig_words (gig_id) WHERE form < 3;
