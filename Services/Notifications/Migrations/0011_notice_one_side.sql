-- Why: an account has every event of its own in the feed, but in its inbox only those that its side waits for.
ALTER TABLE feed ADD COLUMN is_notice boolean NOT NULL DEFAULT true;
DROP INDEX feed_by_age;
DROP INDEX feed_unread;
CREATE INDEX feed_by_age ON feed (account_id, at DESC, event_id DESC) WHERE is_notice;
CREATE INDEX feed_unread ON feed (account_id) WHERE is_notice AND read_at IS NULL;
