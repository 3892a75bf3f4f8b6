-- ApplicationStore.apply. Each client takes every 32nd gig of a shuffled order, so that no gig comes twice.
\set made :made + 1
\set n permute(:made * 32 + :client_id, :gigs) + 1
WITH gig AS (SELECT id, owner_id, title, status FROM gigs WHERE id = md5('gig' || :n)::uuid AND flow = 'milestone_capture' FOR SHARE),
made AS (
    INSERT INTO applications (id, gig_id, worker_id, message, status, version, created_at, updated_at)
    SELECT gen_random_uuid(), gig.id, '0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d13', :message, 'applied', 1, now(), now()
      FROM gig WHERE gig.status = 'active' AND gig.owner_id <> '0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d13'
    ON CONFLICT ON CONSTRAINT one_application_per_worker DO NOTHING
    RETURNING id
),
announced AS (
    INSERT INTO outbox (id, aggregate, sequence, name, recipients, data, request_id, created_at, destination)
    SELECT gen_random_uuid(), gen_random_uuid(), 1, 'gig.application.created',
           gig.owner_id || '{0192f0c5-7a3e-7c11-9d2b-3f5e8a6c7d13}'::uuid[], (left(:data, -1) || ',' || to_json('gig_title'::text) || ':' || to_json(gig.title) || '}')::json, :request, now(),
           unnest('{notifications}'::text[])
      FROM made, gig
)
SELECT gig.owner_id, gig.status, EXISTS (SELECT FROM made) AS is_made FROM gig;
