-- Why: an account reads its events itself, as programs in a feed and as people in an inbox. Both are found by account,
-- which the list of recipients in `events` does not allow.
CREATE TABLE feed (
    account_id uuid        NOT NULL,
    position   bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,  -- in the order of the commits: see FeedStore.lock
    event_id   uuid        NOT NULL,
    at         timestamptz NOT NULL,  -- when the event came
    read_at    timestamptz,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX feed_of_event ON feed (event_id);
CREATE INDEX feed_by_age ON feed (account_id, at DESC, event_id DESC);
CREATE INDEX feed_unread ON feed (account_id) WHERE read_at IS NULL;
INSERT INTO feed (account_id, event_id, at)
SELECT account_id, events.id, received_at
  FROM events CROSS JOIN LATERAL (SELECT DISTINCT unnest(recipients)) AS recipient (account_id)
 ORDER BY received_at, sequence;
