-- Skillhouse's jobs are gigs of another flow, in the same tables (docs/decisions/0027-a-job-is-a-gig-of-another-flow.md). Each
-- surface reads its own flow alone; its indexes hold nothing of the other.

-- What jobs are sorted into. A name is unique by its normal form (`SkillName`), whatever its case, spaces and dots.
CREATE TABLE categories (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    normal     text        NOT NULL,
    is_listed  boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT one_category_per_name UNIQUE (normal)
);
CREATE TABLE skills (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    normal     text        NOT NULL,
    is_listed  boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT one_skill_per_name UNIQUE (normal)
);

-- `rate_cents` is in minor units of the flow's currency. A job is open while its gig is active, and has no scope.
ALTER TABLE gigs
    ADD COLUMN flow                text NOT NULL DEFAULT 'milestone_capture'
                                   CHECK (flow IN ('milestone_capture', 'escrow_checkout')),
    ADD COLUMN job_status          text CHECK (job_status IN ('Open', 'Ongoing', 'Closed')),
    ADD COLUMN experience_level    text CHECK (experience_level IN ('Beginner', 'Intermediate', 'Expert')),
    ADD COLUMN location            text CHECK (char_length(location) <= 200),
    ADD COLUMN category_id         uuid REFERENCES categories,
    ADD COLUMN skill_ids           uuid[],
    ADD COLUMN start_at            timestamptz,
    ADD COLUMN end_at              timestamptz,
    ADD COLUMN applicants          int CHECK (applicants >= 0),
    ADD COLUMN hired_freelancer_id uuid,
    ADD CONSTRAINT whole_job CHECK (
        flow = 'milestone_capture'
        OR num_nulls(description, rate_cents, job_status, experience_level, location, category_id, skill_ids, applicants) = 0
           AND scope IS NULL AND status = CASE job_status WHEN 'Open' THEN 'active' ELSE 'closed' END),
    ADD CONSTRAINT gig_without_job CHECK (
        flow = 'escrow_checkout'
        OR num_nonnulls(job_status, experience_level, location, category_id, skill_ids, start_at, end_at, applicants,
                        hired_freelancer_id) = 0);

-- The lists of ClawConnected, as they were, without jobs.
DROP INDEX gigs_active, gigs_active_by_rate, gigs_by_owner, gigs_of_owner;
CREATE INDEX gigs_active ON gigs (created_at DESC, id DESC) WHERE status = 'active' AND flow = 'milestone_capture';
CREATE INDEX gigs_active_by_rate ON gigs (rate_cents, created_at, id)
    WHERE status = 'active' AND flow = 'milestone_capture';
CREATE INDEX gigs_by_owner ON gigs (owner_id, flow, status, created_at DESC, id DESC);
CREATE INDEX gigs_of_owner ON gigs (owner_id, flow, created_at DESC, id DESC);

-- The board of open jobs, both ways by time and by rate.
CREATE INDEX jobs_open ON gigs (created_at, id) WHERE status = 'active' AND flow = 'escrow_checkout';
CREATE INDEX jobs_open_by_rate ON gigs (rate_cents, created_at, id) WHERE status = 'active' AND flow = 'escrow_checkout';
CREATE INDEX jobs_open_by_level ON gigs (experience_level, created_at, id)
    WHERE status = 'active' AND flow = 'escrow_checkout';
CREATE INDEX jobs_open_by_category ON gigs (category_id, created_at, id)
    WHERE status = 'active' AND flow = 'escrow_checkout';

-- How many jobs are open, since a page of the board tells how many pages there are. Each row is a part of a number: several
-- writers then rarely wait for each other. A part can be below zero, as a job may be closed by another writer than opened it.
CREATE TABLE open_jobs (
    category_id      uuid     NOT NULL,
    experience_level text     NOT NULL,
    part             smallint NOT NULL,
    count            bigint   NOT NULL,
    PRIMARY KEY (category_id, experience_level, part)
) WITH (fillfactor = 50);
CREATE FUNCTION count_open_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO open_jobs (category_id, experience_level, part, count)
    SELECT category_id, experience_level, pg_backend_pid() % 16, sum(change)
      FROM (VALUES (OLD.category_id, OLD.experience_level, OLD.status, -1),
                   (NEW.category_id, NEW.experience_level, NEW.status, 1))
           AS job (category_id, experience_level, status, change)
     WHERE status = 'active'
     GROUP BY category_id, experience_level HAVING sum(change) <> 0
     ORDER BY category_id, experience_level
        ON CONFLICT (category_id, experience_level, part) DO UPDATE SET count = open_jobs.count + EXCLUDED.count;
    RETURN NULL;
END $$;
CREATE TRIGGER count_new_job AFTER INSERT ON gigs FOR EACH ROW
    WHEN (NEW.flow = 'escrow_checkout') EXECUTE FUNCTION count_open_jobs();
CREATE TRIGGER count_changed_job AFTER UPDATE OF status, category_id, experience_level ON gigs FOR EACH ROW
    WHEN (NEW.flow = 'escrow_checkout'
          AND (OLD.status, OLD.category_id, OLD.experience_level)
              IS DISTINCT FROM (NEW.status, NEW.category_id, NEW.experience_level))
    EXECUTE FUNCTION count_open_jobs();
CREATE TRIGGER count_deleted_job AFTER DELETE ON gigs FOR EACH ROW
    WHEN (OLD.flow = 'escrow_checkout') EXECUTE FUNCTION count_open_jobs();

-- The words of jobs and of gigs, each in an index of their own.
ALTER TABLE gig_words ADD COLUMN flow text NOT NULL DEFAULT 'milestone_capture';
DROP INDEX gig_words_by_word;
CREATE INDEX gig_words_by_word ON gig_words USING gin (words) WHERE flow = 'milestone_capture';
CREATE INDEX job_words_by_word ON gig_words USING gin (words) WHERE flow = 'escrow_checkout';
CREATE OR REPLACE FUNCTION write_gig_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gig_words (gig_id, words, form, flow) VALUES (NEW.id, words_of_gig(NEW), 3, NEW.flow)
    ON CONFLICT (gig_id) DO UPDATE SET words = EXCLUDED.words, form = EXCLUDED.form;
    RETURN NULL;
END $$;

-- What a person types into the board's search: as `sought_words` reads it, or words of which only the beginnings are typed
-- yet. The beginnings count only where nothing is quoted, excluded or alternative.
CREATE FUNCTION sought_beginnings(text text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    sought tsquery := sought_words(text);
    part   text;
    begun  tsquery := '';
BEGIN
    IF text ~* '(^|\s)(-|or\s)|"' THEN RETURN sought; END IF;
    FOREACH part IN ARRAY regexp_split_to_array(btrim(word_parts(folded_text(text))), ' +') LOOP
        begun := begun && CASE WHEN char_length(part) >= 2 THEN to_tsquery('english', '''' || part || ''':*')
                               ELSE plainto_tsquery('english', part) END;
    END LOOP;
    RETURN sought || begun;
END $$;

-- Pending, Accepted and Rejected are applied, shortlisted and rejected. The cover letter is the message.
ALTER TABLE applications
    ADD COLUMN flow          text NOT NULL DEFAULT 'milestone_capture'
                             CHECK (flow IN ('milestone_capture', 'escrow_checkout')),
    -- In paise.
    ADD COLUMN proposed_rate bigint CHECK (proposed_rate >= 0),
    ADD CONSTRAINT rate_of_job CHECK (proposed_rate IS NULL OR flow = 'escrow_checkout');
DROP INDEX applications_by_worker;
CREATE INDEX applications_by_worker ON applications (worker_id, flow, created_at DESC, id DESC);

-- Contracts about jobs, as far as they bind them. Contracts reserves a job before it makes one; its events then say what
-- became of it. Only the latest contract of a job counts.
CREATE TABLE hirings (
    contract_id   uuid        PRIMARY KEY,
    job_id        uuid        NOT NULL REFERENCES gigs ON DELETE CASCADE,
    freelancer_id uuid        NOT NULL,
    -- False until checkout.contract.changed has come; such a reservation lapses after 60 s.
    is_confirmed  boolean     NOT NULL,
    -- The contract has been started, so that the other applicants are refused.
    has_started   boolean     NOT NULL,
    -- "released": its money went to the freelancer.
    stage         text        NOT NULL CHECK (stage IN ('open', 'released', 'canceled')),
    -- When it was reserved, and once it is confirmed when it was made.
    made_at       timestamptz NOT NULL,
    sequence      bigint      NOT NULL
);
CREATE INDEX hirings_by_job ON hirings (job_id, made_at DESC, contract_id DESC);
