-- What happened, as it happens: rows are only added, so that no writer waits for another. They are folded into the tables
-- below every few seconds, and a reader adds those that are left.
CREATE TABLE figure_changes (
    position          bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- NULL: of nobody, or of somebody who has left. It counts for the platform alone.
    user_id           uuid,
    -- By UTC: of a match and a profile the day on which it was made.
    day               date     NOT NULL,
    new_profiles      bigint   NOT NULL DEFAULT 0,
    matches           bigint   NOT NULL DEFAULT 0,
    matches_accepted  bigint   NOT NULL DEFAULT 0,
    -- The sum of the scores.
    match_score       bigint   NOT NULL DEFAULT 0,
    messages_sent     bigint   NOT NULL DEFAULT 0,
    messages_received bigint   NOT NULL DEFAULT 0,
    turns_received    bigint   NOT NULL DEFAULT 0,
    turns_answered    bigint   NOT NULL DEFAULT 0,
    -- How long those had waited, together.
    answer_seconds    bigint   NOT NULL DEFAULT 0,
    -- 1: the account did something on that day. -1, of nobody: one whose last day that was has left.
    active            smallint NOT NULL DEFAULT 0 CHECK (active BETWEEN -1 AND 1),
    CONSTRAINT leaves_once CHECK (active >= 0 OR user_id IS NULL)
);
CREATE INDEX figure_changes_of_user ON figure_changes (user_id);

-- What became of an account. Gone with it.
CREATE TABLE account_figures (
    user_id           uuid   PRIMARY KEY REFERENCES profiles,
    matches           bigint NOT NULL DEFAULT 0,
    matches_accepted  bigint NOT NULL DEFAULT 0 CHECK (matches_accepted BETWEEN 0 AND matches),
    match_score       bigint NOT NULL DEFAULT 0 CHECK (match_score BETWEEN 0 AND 100 * matches),
    messages_sent     bigint NOT NULL DEFAULT 0 CHECK (messages_sent >= 0),
    messages_received bigint NOT NULL DEFAULT 0 CHECK (messages_received >= 0),
    turns_received    bigint NOT NULL DEFAULT 0 CHECK (turns_received BETWEEN 0 AND messages_received),
    turns_answered    bigint NOT NULL DEFAULT 0 CHECK (turns_answered >= 0),
    answer_seconds    bigint NOT NULL DEFAULT 0 CHECK (answer_seconds >= 0),
    -- The last day on which it did something.
    active_on         date
);

CREATE TABLE platform_days (
    day              date   PRIMARY KEY,
    new_profiles     bigint NOT NULL DEFAULT 0 CHECK (new_profiles >= 0),
    matches          bigint NOT NULL DEFAULT 0 CHECK (matches >= 0),
    matches_accepted bigint NOT NULL DEFAULT 0 CHECK (matches_accepted BETWEEN 0 AND matches),
    match_score      bigint NOT NULL DEFAULT 0 CHECK (match_score BETWEEN 0 AND 100 * matches),
    messages_sent    bigint NOT NULL DEFAULT 0 CHECK (messages_sent >= 0),
    -- Accounts whose last day this is.
    active_accounts  bigint NOT NULL DEFAULT 0 CHECK (active_accounts >= 0)
);

CREATE TABLE profile_view_days (
    profile_id uuid   NOT NULL REFERENCES profiles,
    day        date   NOT NULL,
    views      bigint NOT NULL CHECK (views > 0),
    PRIMARY KEY (profile_id, day)
);
CREATE INDEX profile_view_days_by_day ON profile_view_days (day);

-- How many companies look for a skill, and how many are in an industry.
CREATE TABLE market_words (
    kind      text   NOT NULL CHECK (kind IN ('skill', 'industry')),
    -- The normal form, and as it was written last.
    word      text   NOT NULL,
    shown     text   NOT NULL,
    companies bigint NOT NULL CHECK (companies >= 0),
    PRIMARY KEY (kind, word)
);
CREATE INDEX market_words_by_companies ON market_words (kind, companies DESC, word) WHERE companies > 0;

-- Whatever makes, changes or deletes a match or a profile counts it in the same transaction.
CREATE FUNCTION count_new_matches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (user_id, day, matches, matches_accepted, match_score)
    SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, count(*), count(*) FILTER (WHERE status = 'accepted'), sum(score)
      FROM added GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION count_changed_matches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (user_id, day, matches_accepted, match_score)
    SELECT added.user_id, (added.created_at AT TIME ZONE 'UTC')::date,
           sum((added.status = 'accepted')::int - (gone.status = 'accepted')::int), sum(added.score - gone.score)
      FROM added JOIN gone USING (id)
     WHERE added.score <> gone.score OR (added.status = 'accepted') <> (gone.status = 'accepted')
     GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION count_gone_matches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (user_id, day, matches, matches_accepted, match_score)
    SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, -count(*), -count(*) FILTER (WHERE status = 'accepted'),
           -sum(score)
      FROM gone GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE TRIGGER count_new_matches AFTER INSERT ON matches REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_new_matches();
CREATE TRIGGER count_changed_matches AFTER UPDATE ON matches REFERENCING OLD TABLE AS gone NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_matches();
CREATE TRIGGER count_gone_matches AFTER DELETE ON matches REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION count_gone_matches();

CREATE FUNCTION count_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_changes (day, new_profiles)
    VALUES ((NEW.created_at AT TIME ZONE 'UTC')::date, CASE WHEN NEW.deleted_at IS NULL THEN 1 ELSE -1 END);
    RETURN NULL;
END $$;
CREATE TRIGGER count_new_profile AFTER INSERT ON profiles FOR EACH ROW
    WHEN (NEW.deleted_at IS NULL) EXECUTE FUNCTION count_profile();
CREATE TRIGGER count_gone_profile AFTER UPDATE OF deleted_at ON profiles FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION count_profile();

-- What was there before. Messages and activity are counted from now on.
INSERT INTO account_figures (user_id, matches, matches_accepted, match_score)
SELECT user_id, count(*), count(*) FILTER (WHERE status = 'accepted'), sum(score)
  FROM matches JOIN profiles USING (user_id) WHERE deleted_at IS NULL GROUP BY user_id;
INSERT INTO platform_days (day, new_profiles, matches, matches_accepted, match_score)
SELECT day, sum(new_profiles), sum(matches), sum(matches_accepted), sum(match_score)
  FROM (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, 1 AS new_profiles, 0 AS matches, 0 AS matches_accepted,
               0 AS match_score
          FROM profiles WHERE deleted_at IS NULL
         UNION ALL
        SELECT (created_at AT TIME ZONE 'UTC')::date, 0, 1, (status = 'accepted')::int, score FROM matches) AS made
 GROUP BY day;
INSERT INTO profile_view_days (profile_id, day, views) SELECT profile_id, day, count(*) FROM profile_views GROUP BY 1, 2;
INSERT INTO market_words (kind, word, shown, companies)
SELECT 'skill', need ->> 'key', min(need ->> 'name'), count(DISTINCT user_id)
  FROM match_features, jsonb_array_elements(features -> 'offers') AS offer, jsonb_array_elements(offer -> 'needs') AS need
 WHERE side = 'client' GROUP BY 2
 UNION ALL
SELECT 'industry', industry, industry, count(DISTINCT user_id)
  FROM match_features, jsonb_array_elements_text(features -> 'industries') AS industry
 WHERE side = 'client' GROUP BY 2;
