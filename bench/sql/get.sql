-- GigStore.get
\set n random(1, :gigs)
SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
  FROM gigs WHERE id = md5('gig' || :n)::uuid AND flow = 'milestone_capture';
