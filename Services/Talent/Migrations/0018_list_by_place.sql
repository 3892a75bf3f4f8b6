-- Why: the people of a place are listed newest first from an index in that order, whether few live there or nearly all. Without
-- it, profiles were passed by until a page was full: for a small place, all of them.

-- The words of a place, in lower case.
CREATE FUNCTION place_words(place text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_remove(regexp_split_to_array(lower(place), '[^[:alnum:]]+'), '')
$$;

-- A place is found by any words of it that follow each other, up to six: 'san francisco', 'francisco', 'usa'. Who works from
-- anywhere is in the place 'remote', too.
CREATE TABLE profile_places (
    place      text        NOT NULL,
    created_at timestamptz NOT NULL,  -- the profile's
    user_id    uuid        NOT NULL REFERENCES profiles ON DELETE CASCADE,
    PRIMARY KEY (place, created_at, user_id)
);
CREATE INDEX profile_places_by_user ON profile_places (user_id);

-- Those who are shown have rows here: not the deleted, nor those of whom nothing is known yet.
CREATE VIEW places_of_profiles AS
SELECT DISTINCT found.place, profiles.created_at, user_id
  FROM profiles LEFT JOIN talent_features USING (user_id) LEFT JOIN work_details USING (user_id)
       CROSS JOIN LATERAL (SELECT (place_words(coalesce(location, concat_ws(' ', city, state, country))))[1:12] AS words) AS known
       CROSS JOIN LATERAL (
           SELECT array_to_string(words[first:last], ' ') AS place
             FROM generate_series(1, cardinality(words)) AS first,
                  generate_series(first, least(first + 5, cardinality(words))) AS last
            UNION ALL
           SELECT 'remote' WHERE remote_work) AS found
 WHERE deleted_at IS NULL AND user_type IS NOT NULL;

CREATE FUNCTION write_profile_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who uuid := coalesce(NEW.user_id, OLD.user_id);
BEGIN
    DELETE FROM profile_places WHERE user_id = who;
    INSERT INTO profile_places (place, created_at, user_id)
    SELECT place, created_at, user_id FROM places_of_profiles WHERE user_id = who;
    RETURN NULL;
END $$;
CREATE TRIGGER write_shown_places AFTER UPDATE ON profiles FOR EACH ROW
    WHEN ((OLD.deleted_at, OLD.user_type, OLD.created_at) IS DISTINCT FROM (NEW.deleted_at, NEW.user_type, NEW.created_at))
    EXECUTE FUNCTION write_profile_places();
CREATE TRIGGER write_new_places AFTER INSERT OR DELETE ON talent_features FOR EACH ROW EXECUTE FUNCTION write_profile_places();
CREATE TRIGGER write_changed_places AFTER UPDATE ON talent_features FOR EACH ROW
    WHEN ((OLD.location, OLD.remote_work) IS DISTINCT FROM (NEW.location, NEW.remote_work))
    EXECUTE FUNCTION write_profile_places();
CREATE TRIGGER write_new_places AFTER INSERT OR DELETE ON work_details FOR EACH ROW EXECUTE FUNCTION write_profile_places();
CREATE TRIGGER write_changed_places AFTER UPDATE ON work_details FOR EACH ROW
    WHEN ((OLD.city, OLD.state, OLD.country) IS DISTINCT FROM (NEW.city, NEW.state, NEW.country))
    EXECUTE FUNCTION write_profile_places();

INSERT INTO profile_places (place, created_at, user_id) SELECT place, created_at, user_id FROM places_of_profiles;
