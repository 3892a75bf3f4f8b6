-- Events :from to :to, read by one account each; the first fifty are the caller's.
SET session_replication_role = replica;
INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, received_at)
SELECT md5('event' || n)::uuid, md5('aggregate' || n)::uuid, 1, 'gig.updated',
       ARRAY[CASE WHEN n <= 50 THEN :'me'::uuid ELSE md5('worker' || n % 100000)::uuid END],
       '{"id":"' || md5('event' || n)::uuid || '","event":"gig.updated","data":{"title":"A small service","status":"active"},'
           || '"timestamp":"2026-01-01T00:00:00Z","sequence":1}', moment, moment
  FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '1 second' AS moment FROM generate_series(:from, :to) AS n) AS t
ON CONFLICT DO NOTHING;
INSERT INTO feed (account_id, event_id, at, read_at)
SELECT recipients[1], id, at, at FROM events
 WHERE id IN (SELECT md5('event' || n)::uuid FROM generate_series(:from, :to) AS n)
   AND NOT EXISTS (SELECT FROM feed WHERE event_id = events.id);
VACUUM ANALYZE events, feed;
