-- Why: the pages of unresolved disputes were sorted, because PostgreSQL turns `(status = 'resolved') = false` into another
-- condition than that of the index.
CREATE INDEX disputes_unresolved ON disputes (created_at DESC, id DESC) WHERE status <> 'resolved';
CREATE INDEX disputes_resolved ON disputes (created_at DESC, id DESC) WHERE status = 'resolved';
DROP INDEX disputes_in_order;
