-- What every surface shows of a person is in one row: the title, the links, the picture and the skills with what is known
-- of each.
ALTER TABLE profiles
    ADD COLUMN title           text CHECK (char_length(title) <= 200),
    ADD COLUMN github_url      text,
    ADD COLUMN linkedin_url    text,
    -- A picture is a stored file, or a link to somewhere else.
    ADD COLUMN picture_url     text,
    ADD COLUMN picture_file_id uuid UNIQUE REFERENCES files,
    -- A list of {name, level, years, skill_id}: what is known of the skills in `skills`, by their names.
    ADD COLUMN skill_facts     jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT one_picture CHECK (picture_url IS NULL OR picture_file_id IS NULL),
    DROP CONSTRAINT nameless_once_deleted,
    ADD CONSTRAINT nameless_once_deleted CHECK (
        deleted_at IS NULL
        OR (bio IS NULL AND skills = '{}' AND skill_facts = '[]' AND portfolio_website_url IS NULL
            AND num_nonnulls(resume_url, resume_file_id, github_username, email, title, github_url, linkedin_url,
                             picture_url, picture_file_id) = 0)
    );

-- What Skillhouse alone shows of people, besides the profile. Gone with the account.
CREATE TABLE work_details (
    user_id                 uuid     PRIMARY KEY REFERENCES profiles,
    city                    text     NOT NULL DEFAULT '' CHECK (char_length(city) <= 100),
    state                   text     NOT NULL DEFAULT '' CHECK (char_length(state) <= 100),
    country                 text     NOT NULL DEFAULT '' CHECK (char_length(country) <= 100),
    zip                     text     NOT NULL DEFAULT '' CHECK (char_length(zip) <= 20),
    languages               text[]   NOT NULL DEFAULT '{}',
    experience_level        text     NOT NULL DEFAULT 'Beginner'
                                     CHECK (experience_level IN ('Beginner', 'Intermediate', 'Expert')),
    -- Jobs owns the categories. The name is what jobs called it last, for when jobs does not answer.
    category_id             uuid,
    category_name           text,
    college                 text     NOT NULL DEFAULT '' CHECK (char_length(college) <= 200),
    course                  text     NOT NULL DEFAULT '' CHECK (char_length(course) <= 200),
    -- Lists of {company, position, duration} and of {name, image_url}.
    employment              jsonb    NOT NULL DEFAULT '[]',
    portfolio               jsonb    NOT NULL DEFAULT '[]',
    -- Whether the person has filled in the profile of the role.
    is_freelancer_completed boolean  NOT NULL DEFAULT false,
    is_client_completed     boolean  NOT NULL DEFAULT false,
    CONSTRAINT whole_category CHECK ((category_id IS NULL) = (category_name IS NULL))
);

-- What a client has done on Skillhouse, as jobs and contracts told it: the jobs posted, and what was paid.
CREATE TABLE posted_jobs (
    job_id    uuid PRIMARY KEY,
    client_id uuid NOT NULL
);
CREATE INDEX posted_jobs_by_client ON posted_jobs (client_id);

CREATE TABLE paid_contracts (
    contract_id uuid    PRIMARY KEY,
    client_id   uuid    NOT NULL,
    paise       bigint  NOT NULL,
    -- It was paid, and is not canceled.
    is_spent    boolean NOT NULL,
    sequence    bigint  NOT NULL
);
CREATE INDEX paid_contracts_by_client ON paid_contracts (client_id) WHERE is_spent;
