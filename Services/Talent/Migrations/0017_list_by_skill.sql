-- Why: the people with a skill are listed newest first from an index in that order, whether few have the skill or nearly all.
-- From an index of arrays all of them would be read and sorted; from that of ages, all others would be passed by.
CREATE TABLE profile_skills (
    skill      text        NOT NULL,  -- a normal form
    created_at timestamptz NOT NULL,  -- the profile's
    user_id    uuid        NOT NULL REFERENCES profiles ON DELETE CASCADE,
    PRIMARY KEY (skill, created_at, user_id)
);
CREATE INDEX profile_skills_by_user ON profile_skills (user_id);

-- Those who are shown have rows here: not the deleted, nor those of whom nothing is known yet.
CREATE FUNCTION write_profile_skills() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM profile_skills WHERE user_id = NEW.user_id;
    INSERT INTO profile_skills (skill, created_at, user_id)
    SELECT DISTINCT skill, NEW.created_at, NEW.user_id FROM unnest(NEW.skill_forms) AS skill
     WHERE NEW.deleted_at IS NULL AND NEW.user_type IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER write_new_skills AFTER INSERT ON profiles FOR EACH ROW
    WHEN (NEW.skill_forms <> '{}') EXECUTE FUNCTION write_profile_skills();
CREATE TRIGGER write_changed_skills AFTER UPDATE ON profiles FOR EACH ROW
    WHEN ((OLD.skill_forms, OLD.deleted_at, OLD.user_type, OLD.created_at)
          IS DISTINCT FROM (NEW.skill_forms, NEW.deleted_at, NEW.user_type, NEW.created_at))
    EXECUTE FUNCTION write_profile_skills();

INSERT INTO profile_skills (skill, created_at, user_id)
SELECT DISTINCT skill, created_at, user_id FROM profiles, unnest(skill_forms) AS skill
 WHERE deleted_at IS NULL AND user_type IS NOT NULL;
