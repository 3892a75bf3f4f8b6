-- Ways for a deal to end: both parties end a contract, the client takes out a milestone that is not funded, and delivered
-- work that nobody disputes is released when the time for a dispute is over.

ALTER TABLE contracts
    -- Both parties must agree to end it, each for itself.
    ADD COLUMN client_ended_at timestamptz,
    ADD COLUMN worker_ended_at timestamptz,
    ADD COLUMN end_note        text,
    ADD CONSTRAINT ended_once_active CHECK (
        status IN ('active', 'completed', 'cancelled')
        OR num_nonnulls(client_ended_at, worker_ended_at, end_note) = 0);

ALTER TABLE milestones
    -- Positions are not counted anew when a milestone is taken out; the service counts the milestones.
    DROP CONSTRAINT milestones_at_most_fifty,
    DROP CONSTRAINT milestones_moving_check,
    ADD CONSTRAINT milestones_moving_check CHECK (
        moving IN ('release', 'revise', 'expire', 'settle', 'withdraw', 'end')),
    -- Known as soon as the release begins.
    ADD COLUMN released_by text CHECK (released_by IN ('client', 'deadline', 'decision'));
UPDATE milestones AS m
   SET released_by = CASE WHEN EXISTS (SELECT FROM disputes AS d WHERE d.milestone_id = m.id) THEN 'decision'
                          ELSE 'client' END
 WHERE status = 'released' OR moving = 'release';
ALTER TABLE milestones
    ADD CONSTRAINT released_by_somebody CHECK (
        CASE status
            WHEN 'released' THEN released_by IS NOT NULL
            ELSE released_by IS NULL OR moving = 'release'
        END);

-- What was delivered before gets its deadline and its reminder too. A new database has no table of scheduled work yet, and
-- nothing that was delivered.
DO $$
BEGIN
    IF to_regclass('scheduled') IS NOT NULL THEN
        INSERT INTO scheduled (kind, key, due_at, payload)
        SELECT 'milestone.deadline', id::text, delivered_at + interval '14 days', 'null'::json
          FROM milestones WHERE status = 'delivered'
         UNION ALL
        SELECT 'milestone.reminder', id::text, delivered_at + interval '11 days', 'null'::json
          FROM milestones WHERE status = 'delivered'
        ON CONFLICT (kind, key) DO NOTHING;
    END IF;
END $$;

-- Everybody's disputes, those that are not resolved first, and those of one contract.
CREATE INDEX disputes_in_order ON disputes ((status = 'resolved'), created_at DESC, id DESC);
CREATE INDEX disputes_of_contract ON disputes (contract_id);
