-- GigStore.active
\set n random(1, :gigs)
SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
  FROM (SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
          FROM gigs
         WHERE status = 'active' AND flow = 'milestone_capture'
           AND (created_at, id) < (timestamptz '2026-01-01 00:00:00Z' + :n * interval '7 seconds', md5('gig' || :n)::uuid)
         ORDER BY created_at DESC, id DESC LIMIT 101) AS longest
 ORDER BY created_at DESC, id DESC LIMIT :limit;
