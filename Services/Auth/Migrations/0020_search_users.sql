-- Why: admins look for people by their names and mail addresses, or by how the words of these begin.

-- The words of a name or an address, in lower case and without accents.
CREATE FUNCTION person_words(text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_remove(
        regexp_split_to_array(
            regexp_replace(lower(normalize(left(text, 400), NFKD) COLLATE "und-x-icu"), '[\u0300-\u036f]', '', 'g'),
            '[^a-z0-9\u0080-\U0010ffff]+'), '')
$$;

-- What finds the names and addresses in which each word begins a word; NULL, which finds none, without a word.
CREATE FUNCTION sought_person(text text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT string_agg('''' || word || ''':*', ' & ')::tsquery FROM unnest(person_words(text)) AS word
$$;

CREATE INDEX accounts_by_words ON accounts
    USING gin (array_to_tsvector(person_words(display_name || ' ' || coalesce(email, ''))))
    WHERE NOT is_admin AND status <> 'deleted';
