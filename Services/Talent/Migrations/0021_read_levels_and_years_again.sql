-- What people leave out counts for less than it did, and years are the most that they say anywhere. What people are matched by
-- is worked out again in the background, their matches only when they change or somebody reads them.
INSERT INTO match_news (user_id, is_old)
SELECT user_id, true FROM profiles WHERE deleted_at IS NULL AND user_type IS NOT NULL;
