-- Whom a negotiation waits for: the side that has to answer a round, or to approve the contract; both before the first
-- round. So `next_actions` offer no second approval to who has approved, and lists find what waits for somebody.

ALTER TABLE negotiations
    ADD COLUMN waits_for_client boolean NOT NULL DEFAULT false,
    ADD COLUMN waits_for_worker boolean NOT NULL DEFAULT false;

UPDATE negotiations SET waits_for_client = true, waits_for_worker = true
 WHERE closed_at IS NULL AND state IN ('pending', 'in_progress') AND round_number = 0;
WITH latest AS (
    SELECT DISTINCT ON (negotiation_id) negotiation_id, actor_user_id
      FROM negotiation_audit
     WHERE kind = 'round'
     ORDER BY negotiation_id, position DESC)
UPDATE negotiations AS n
   SET waits_for_client = latest.actor_user_id IS DISTINCT FROM n.client_user_id,
       waits_for_worker = latest.actor_user_id IS DISTINCT FROM n.worker_user_id
  FROM latest
 WHERE latest.negotiation_id = n.id AND n.closed_at IS NULL AND n.state = 'in_progress' AND n.round_number > 0;
UPDATE negotiations AS n
   SET waits_for_client = c.client_approved_at IS NULL, waits_for_worker = c.worker_approved_at IS NULL
  FROM contracts AS c
 WHERE c.id = n.contract_id AND n.closed_at IS NULL AND n.state = 'pending_owner_approval';

ALTER TABLE negotiations
    ALTER COLUMN waits_for_client DROP DEFAULT,
    ALTER COLUMN waits_for_worker DROP DEFAULT,
    ADD CONSTRAINT waits_for_somebody_while_open CHECK (
        (waits_for_client OR waits_for_worker) = (closed_at IS NULL AND state <> 'approved'));

CREATE INDEX negotiations_waiting_for_client ON negotiations (client_user_id, created_at DESC, id DESC)
    WHERE waits_for_client;
CREATE INDEX negotiations_waiting_for_worker ON negotiations (worker_user_id, created_at DESC, id DESC)
    WHERE waits_for_worker;
