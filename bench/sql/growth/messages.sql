-- Conversations :from to :to with a message each; the first fifty are the caller's.
SET session_replication_role = replica;
INSERT INTO conversations (id, first_id, second_id, started_by, last_position, first_sent, created_at, updated_at)
SELECT md5('conversation' || n)::uuid, least(one, other), greatest(one, other), one, 1, 1, moment, moment
  FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '1 second' AS moment,
               CASE WHEN n <= 50 THEN :'me'::uuid ELSE md5('one' || n)::uuid END AS one, md5('other' || n)::uuid AS other
          FROM generate_series(:from, :to) AS n) AS t
ON CONFLICT DO NOTHING;
INSERT INTO participants (conversation_id, account_id, other_id, received, read_received, updated_at)
SELECT id, account, CASE account WHEN first_id THEN second_id ELSE first_id END, 1, 1, updated_at
  FROM conversations, unnest(ARRAY[first_id, second_id]) AS account
 WHERE id IN (SELECT md5('conversation' || n)::uuid FROM generate_series(:from, :to) AS n)
ON CONFLICT DO NOTHING;
INSERT INTO messages (conversation_id, position, ordinal, id, sender_id, type, body, sent_at)
SELECT id, 1, 1, md5('message' || id)::uuid, first_id, 'text', 'Hello', created_at FROM conversations
 WHERE id IN (SELECT md5('conversation' || n)::uuid FROM generate_series(:from, :to) AS n)
ON CONFLICT DO NOTHING;
VACUUM ANALYZE conversations, participants, messages;
