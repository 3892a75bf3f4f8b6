-- The normal forms of the skills (`SkillName`), for those who look for a skill. Rows from before this migration get theirs
-- in the background.
ALTER TABLE profiles ADD COLUMN skill_forms text[] NOT NULL DEFAULT '{}';
CREATE INDEX profiles_by_skill ON profiles USING gin (skill_forms) WHERE deleted_at IS NULL;
CREATE INDEX profiles_without_forms ON profiles (user_id) WHERE skills <> '{}' AND skill_forms = '{}';
CREATE INDEX profiles_by_age ON profiles (created_at DESC, user_id DESC) WHERE deleted_at IS NULL;

-- What SkillSync shows and compares besides the profile. Gone with the account.
CREATE TABLE talent_features (
    user_id          uuid    PRIMARY KEY REFERENCES profiles,
    location         text    CHECK (char_length(location) <= 200),
    remote_work      boolean NOT NULL DEFAULT false,
    experience_years int     CHECK (experience_years BETWEEN 0 AND 80),
    role_types       text[]  NOT NULL DEFAULT '{}',
    company_sizes    text[]  NOT NULL DEFAULT '{}',
    industries       text[]  NOT NULL DEFAULT '{}',
    -- In major units of the currency.
    salary_min       bigint,
    salary_max       bigint,
    salary_currency  text,
    -- Of a client's own company.
    company_type     text,
    company_size     text,
    company_industry text,
    CONSTRAINT whole_salary CHECK (
        num_nulls(salary_min, salary_max, salary_currency) IN (0, 3) AND coalesce(salary_min <= salary_max, true))
);

-- Who looked at a profile, once for each day. Days from long ago are only counted.
CREATE TABLE profile_views (
    profile_id uuid NOT NULL REFERENCES profiles,
    viewer_id  uuid NOT NULL,
    day        date NOT NULL,
    PRIMARY KEY (profile_id, day, viewer_id)
);
CREATE INDEX profile_views_by_day ON profile_views (day);
CREATE INDEX profile_views_by_viewer ON profile_views (viewer_id);

CREATE TABLE profile_view_counts (
    profile_id uuid   PRIMARY KEY REFERENCES profiles,
    total      bigint NOT NULL
);
