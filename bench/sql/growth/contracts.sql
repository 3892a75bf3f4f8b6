-- Negotiations and completed contracts :from to :to with a milestone each; the first fifty are the caller's.
SET session_replication_role = replica;
INSERT INTO negotiations
    (id, gig_id, gig_title, client_user_id, worker_user_id, state, round_number, contract_id, version,
     waits_for_client, waits_for_worker, closed_at, created_at, updated_at)
SELECT md5('negotiation' || n)::uuid, md5('growth' || n)::uuid, 'A small service', md5('owner' || n % 100000)::uuid,
       CASE WHEN n <= 50 THEN :'me'::uuid ELSE md5('worker' || n % 100000)::uuid END, 'approved', 1,
       md5('contract' || n)::uuid, 1, false, false, moment, moment, moment
  FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '1 second' AS moment FROM generate_series(:from, :to) AS n) AS t
ON CONFLICT DO NOTHING;
INSERT INTO contracts
    (flow, id, negotiation_id, gig_id, gig_title, client_user_id, worker_user_id, status, rate_cents, payout_delay_days,
     client_approved_at, worker_approved_at, activation_deadline, version, created_at, updated_at)
SELECT 'milestone_capture', contract_id, id, gig_id, gig_title, client_user_id, worker_user_id, 'completed', 5000, 3,
       created_at, created_at, created_at, 1, created_at, created_at
  FROM negotiations WHERE id IN (SELECT md5('negotiation' || n)::uuid FROM generate_series(:from, :to) AS n)
ON CONFLICT DO NOTHING;
INSERT INTO milestones (id, contract_id, position, title, amount_cents, status)
SELECT md5('milestone' || n)::uuid, md5('contract' || n)::uuid, 1, 'All of it', 50000, 'pending'
  FROM generate_series(:from, :to) AS n ON CONFLICT DO NOTHING;
VACUUM ANALYZE negotiations, contracts, milestones;
