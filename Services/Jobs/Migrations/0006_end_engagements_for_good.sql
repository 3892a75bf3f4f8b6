-- A contract's end and its negotiation's changes are events of two aggregates, which may come in any order: what is
-- over stays so, whatever comes later.
ALTER TABLE engagements ADD COLUMN is_over boolean NOT NULL DEFAULT false;
