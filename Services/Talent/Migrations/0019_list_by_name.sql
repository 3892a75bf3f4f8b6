-- Why: people are looked for by their names, or by how these begin.

-- The words of a name, in lower case and without accents.
CREATE FUNCTION name_words(text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_remove(
        regexp_split_to_array(
            regexp_replace(normalize(lower(left(text, 400) COLLATE "und-x-icu"), NFKD), '[\u0300-\u036f]', '', 'g'),
            '[^a-z0-9\u0080-\U0010ffff]+'), '')
$$;

-- What finds the names in which each word begins a word; NULL, which finds none, without a word.
CREATE FUNCTION sought_name(text text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT string_agg('''' || word || ''':*', ' & ')::tsquery FROM unnest(name_words(text)) AS word
$$;

CREATE INDEX profiles_by_name ON profiles USING gin (array_to_tsvector(name_words(display_name)))
    WHERE deleted_at IS NULL AND user_type IS NOT NULL;
-- The people of one side, newest first.
CREATE INDEX profiles_of_type ON profiles (user_type, created_at DESC, user_id DESC) WHERE deleted_at IS NULL;
