-- Active gigs with ids and times that follow from their number n, so that pgbench can compute them:
-- id = md5('gig' n), created_at = 2026-01-01 + 7 n seconds. 3,000 owners.
SET client_min_messages = warning;
TRUNCATE gigs CASCADE;
INSERT INTO gigs (id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at)
SELECT md5('gig' || n)::uuid, md5('owner' || n % 3000)::uuid,
       'Gig ' || n || ': a small service for a shop',
       'We need a service that reads our orders, checks them and writes them to the warehouse. It has to be fast, '
           || 'well tested and easy to run by a team of two. Number ' || n || '.',
       'Service, tests and a page of documentation', 4000 + n % 6000, 'active', 1,
       timestamptz '2026-01-01 00:00:00Z' + n * interval '7 seconds', timestamptz '2026-01-01 00:00:00Z' + n * interval '7 seconds'
  FROM generate_series(1, :gigs) AS n;
VACUUM (ANALYZE) gigs;
