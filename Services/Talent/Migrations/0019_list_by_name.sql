-- Why: people are looked for by their names, or by how these begin, whether few begin so or nearly all.

-- The words of a name, in lower case and without accents.
CREATE FUNCTION name_words(text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT ARRAY(
        SELECT left(word, 60)
          FROM unnest(regexp_split_to_array(
              regexp_replace(lower(normalize(left(text, 400), NFKD) COLLATE "und-x-icu"), '[\u0300-\u036f]', '', 'g'),
              '[^a-z0-9\u0080-\U0010ffff]+')) AS word
         WHERE word <> '')
$$;

-- The order of bytes has the words with one beginning side by side.
CREATE TABLE profile_names (
    word       text COLLATE "C" NOT NULL,
    created_at timestamptz      NOT NULL,  -- the profile's
    user_id    uuid             NOT NULL REFERENCES profiles ON DELETE CASCADE,
    PRIMARY KEY (word, created_at, user_id)
);
CREATE INDEX profile_names_by_user ON profile_names (user_id, word);

-- Those who are shown have rows here: not the deleted, nor those of whom nothing is known yet.
CREATE VIEW names_of_profiles AS
SELECT DISTINCT word, created_at, user_id
  FROM profiles CROSS JOIN LATERAL unnest((name_words(display_name))[1:12]) AS word
 WHERE deleted_at IS NULL AND user_type IS NOT NULL;

CREATE FUNCTION write_profile_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM profile_names WHERE user_id = NEW.user_id;
    INSERT INTO profile_names (word, created_at, user_id)
    SELECT word, created_at, user_id FROM names_of_profiles WHERE user_id = NEW.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER write_new_names AFTER INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION write_profile_names();
CREATE TRIGGER write_changed_names AFTER UPDATE ON profiles FOR EACH ROW
    WHEN ((OLD.display_name, OLD.deleted_at, OLD.user_type, OLD.created_at)
        IS DISTINCT FROM (NEW.display_name, NEW.deleted_at, NEW.user_type, NEW.created_at))
    EXECUTE FUNCTION write_profile_names();

INSERT INTO profile_names (word, created_at, user_id) SELECT word, created_at, user_id FROM names_of_profiles;

-- The people of one side, newest first.
CREATE INDEX profiles_of_type ON profiles (user_type, created_at DESC, user_id DESC) WHERE deleted_at IS NULL;
