-- Whose profile or gigs changed since matching looked last. Rows are only added and taken, so that no writer of a profile
-- waits for matching.
CREATE TABLE match_news (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id  uuid   NOT NULL
);
CREATE FUNCTION note_match_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO match_news (user_id) VALUES (NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER note_match_news AFTER INSERT OR UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION note_match_news();
CREATE TRIGGER note_match_news AFTER INSERT OR UPDATE ON talent_features FOR EACH ROW EXECUTE FUNCTION note_match_news();
CREATE TRIGGER note_match_news AFTER INSERT OR UPDATE ON work_details FOR EACH ROW EXECUTE FUNCTION note_match_news();
INSERT INTO match_news (user_id) SELECT user_id FROM profiles WHERE deleted_at IS NULL;

-- Gigs, as far as matching knows them: what jobs tells of each, and what its text asks for. A gig that is not open keeps
-- its sequence, so that older news does not open it again.
CREATE TABLE match_gigs (
    gig_id   uuid    PRIMARY KEY,
    owner_id uuid    NOT NULL,
    sequence bigint  NOT NULL,
    is_open  boolean NOT NULL,
    offer    jsonb   NOT NULL
);
CREATE INDEX match_gigs_open ON match_gigs (owner_id, gig_id DESC) WHERE is_open;

-- What an account is matched by. `position` grows with each change in the order of commits, so that each replica can follow
-- in memory. `features` is NULL for who has nothing to be matched by.
CREATE SEQUENCE match_positions;
CREATE TABLE match_features (
    user_id  uuid   PRIMARY KEY,
    side     text   CHECK (side IN ('client', 'freelancer')),
    features jsonb,
    position bigint NOT NULL UNIQUE,
    CONSTRAINT features_of_side CHECK ((side IS NULL) = (features IS NULL))
);

-- Matches: each is one account's, about another. Scores are 0 to 100, as they were when they were last worked out.
CREATE TABLE matches (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    other_id        uuid        NOT NULL CHECK (other_id <> user_id),
    status          text        NOT NULL CHECK (status IN ('pending', 'saved', 'accepted', 'rejected', 'expired')),
    score           int         NOT NULL CHECK (score BETWEEN 0 AND 100),
    technical       int         NOT NULL CHECK (technical BETWEEN 0 AND 100),
    cultural        int         NOT NULL CHECK (cultural BETWEEN 0 AND 100),
    experience      int         NOT NULL CHECK (experience BETWEEN 0 AND 100),
    -- The skills asked for that are there, the best first.
    skills          text[]      NOT NULL,
    -- The last thing its owner did with it.
    action_id       uuid,
    priority        text        CHECK (priority IN ('low', 'normal', 'high')),
    notes           text        CHECK (char_length(notes) <= 5000),
    -- An acceptance under way: its conversation is being opened. Until it lapses, nothing else can be done.
    opening_id      uuid,
    opening_message text        CHECK (char_length(opening_message) <= 5000),
    opening_until   timestamptz,
    conversation_id uuid,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    CONSTRAINT conversation_iff_accepted CHECK ((conversation_id IS NOT NULL) = (status = 'accepted')),
    CONSTRAINT opening_is_whole CHECK ((opening_id IS NULL) = (opening_until IS NULL))
);
-- Two are matched once, until the match expires. Who was rejected is not matched again.
CREATE UNIQUE INDEX matches_once ON matches (user_id, other_id) WHERE status <> 'expired';
CREATE INDEX matches_of_user ON matches (user_id, score DESC, id) WHERE status <> 'expired';
CREATE INDEX matches_of_other ON matches (other_id) WHERE status <> 'expired';
CREATE INDEX matches_expiring ON matches (expires_at) WHERE status IN ('pending', 'saved');

-- Lists as they were when their first page was read, so that the next pages go on with the same list.
CREATE TABLE match_pages (
    id        uuid        PRIMARY KEY,
    user_id   uuid        NOT NULL,
    match_ids uuid[]      NOT NULL,
    made_at   timestamptz NOT NULL
);
CREATE INDEX match_pages_by_user ON match_pages (user_id, made_at DESC);
CREATE INDEX match_pages_by_time ON match_pages (made_at);
