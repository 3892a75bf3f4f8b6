-- Gigs :from to :to with an application each. Words: one of a thousand, one that all have, and one that every 10,000th has.
SET session_replication_role = replica;
INSERT INTO gigs (id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at)
SELECT md5('growth' || n)::uuid, md5('owner' || n % 100000)::uuid, 'Gig ' || n || ': a small service for a shop',
       'We need a service that reads our orders, checks them and writes them to the warehouse. Number ' || n || '.',
       'Service, tests and a page of documentation', 4000 + n % 6000,
       (ARRAY['active', 'active', 'active', 'active', 'closed'])[1 + n % 5], 1,
       timestamptz '2026-01-01Z' + n * interval '1 second', timestamptz '2026-01-01Z' + n * interval '1 second'
  FROM generate_series(:from, :to) AS n ON CONFLICT DO NOTHING;
INSERT INTO gig_words (gig_id, words, form, flow)
SELECT md5('growth' || n)::uuid,
       to_tsvector('english', 'frequent topic' || n % 1000 || CASE n % 10000 WHEN 0 THEN ' rarest' ELSE '' END), 3,
       'milestone_capture'
  FROM generate_series(:from, :to) AS n ON CONFLICT DO NOTHING;
INSERT INTO applications (id, gig_id, worker_id, message, status, version, created_at, updated_at)
SELECT md5('application' || n)::uuid, md5('growth' || n)::uuid,
       CASE WHEN n <= 50 THEN :'me'::uuid ELSE md5('worker' || n % 100000)::uuid END, 'I can do it', 'applied', 1,
       timestamptz '2026-01-01Z' + n * interval '1 second', timestamptz '2026-01-01Z' + n * interval '1 second'
  FROM generate_series(:from, :to) AS n ON CONFLICT DO NOTHING;
VACUUM ANALYZE gigs, gig_words, applications;
