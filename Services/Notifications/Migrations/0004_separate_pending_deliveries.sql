-- Why: what was pending had to be found among a month of history, at a cost that grew with everybody's backlog. Now
-- pending deliveries have a table of their own, and each webhook and channel a line in which they wait. A process holds
-- whole lines, so no single delivery is claimed.
CREATE TABLE lines (
    id           uuid        PRIMARY KEY,          -- the webhook's or channel's
    owner_id     uuid        NOT NULL,
    due_at       timestamptz,                      -- when to look at it; NULL: nothing waits
    paused_until timestamptz,                      -- what its receiver asked for
    places       int         NOT NULL DEFAULT 4,   -- how many attempts at once suited its receiver last
    holder       uuid,                             -- the sender that serves it
    closed_at    timestamptz,                      -- disabled: what waits fails
    removed_at   timestamptz                       -- removed: all that belongs to it is being deleted
) WITH (fillfactor = 70);
CREATE INDEX lines_due ON lines (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX lines_of_owner ON lines (owner_id);

-- Processes that hold lines. The lines of one that is not alive are free.
CREATE TABLE senders (
    id          uuid        PRIMARY KEY,
    alive_until timestamptz NOT NULL
);

CREATE TABLE pending_deliveries (
    id         uuid        PRIMARY KEY,
    line_id    uuid        NOT NULL,
    position   bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,  -- the order in which they were told
    event_id   uuid        NOT NULL,
    aggregate  uuid        NOT NULL,
    tries      int         NOT NULL DEFAULT 0,  -- attempts since it began
    earlier    int         NOT NULL DEFAULT 0,  -- attempts before it was replayed
    due_at     timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    begun_at   timestamptz NOT NULL             -- later than created_at when it is replayed
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
CREATE INDEX pending_untried ON pending_deliveries (line_id, position) WHERE tries = 0;
CREATE INDEX pending_tried ON pending_deliveries (line_id, due_at) WHERE tries > 0;

INSERT INTO lines (id, owner_id, closed_at) SELECT id, owner_id, disabled_at FROM webhooks;
INSERT INTO lines (id, owner_id) SELECT id, owner_id FROM channels;

-- A claim had counted as an attempt already.
INSERT INTO pending_deliveries (id, line_id, event_id, aggregate, tries, due_at, created_at, begun_at)
SELECT id, endpoint_id, event_id, aggregate, attempt_count - (claim IS NOT NULL)::int, next_attempt_at, created_at,
       created_at
  FROM deliveries WHERE state = 'pending' ORDER BY created_at, sequence;
UPDATE lines SET due_at = first.due_at
  FROM (SELECT line_id, min(due_at) AS due_at FROM pending_deliveries GROUP BY line_id) AS first
 WHERE lines.id = first.line_id;

-- What is left are deliveries that are over. They go with their events and lines, in batches: a foreign key would delete
-- a million of them in one statement.
ALTER TABLE delivery_attempts DROP CONSTRAINT delivery_attempts_delivery_id_fkey;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_event_id_fkey;
DELETE FROM deliveries WHERE state = 'pending';
ALTER TABLE deliveries ALTER COLUMN endpoint_id DROP EXPRESSION;
ALTER TABLE deliveries RENAME COLUMN endpoint_id TO line_id;
ALTER TABLE deliveries
    DROP COLUMN owner_id, DROP COLUMN webhook_id, DROP COLUMN channel_id, DROP COLUMN next_attempt_at,
    DROP COLUMN claim, DROP COLUMN lease_until, DROP COLUMN aggregate, DROP COLUMN sequence,
    DROP CONSTRAINT IF EXISTS finished_iff_not_pending,
    DROP CONSTRAINT deliveries_state_check,
    ALTER COLUMN finished_at SET NOT NULL,
    ADD CONSTRAINT is_over CHECK (state IN ('delivered', 'failed', 'skipped'));
CREATE INDEX deliveries_of_line ON deliveries (line_id, created_at DESC, id DESC);
