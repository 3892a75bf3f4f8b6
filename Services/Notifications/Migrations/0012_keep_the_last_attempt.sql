-- Why: nearly every delivery is over after one attempt, and that attempt was a row and an index entry of its own. Now a
-- delivery that is over has its last attempt itself, and `delivery_attempts` has those before it. Rows from before stay.
ALTER TABLE deliveries
    ADD COLUMN last_at          timestamptz,  -- NULL when it was given up without one
    ADD COLUMN last_status      int,
    ADD COLUMN last_duration_ms bigint,
    ADD COLUMN last_body        text,
    ADD COLUMN last_error       text,
    ADD CONSTRAINT last_attempt_is_whole CHECK (num_nulls(last_at, last_duration_ms, last_body) IN (0, 3));
