-- Why: an action whose key the provider will not answer any more ends as failed, without an effect, and the next one
-- takes its place.

ALTER TABLE actions DROP CONSTRAINT known_state;
ALTER TABLE actions ADD CONSTRAINT known_state CHECK (state IN ('started', 'finished', 'refused', 'failed'));
ALTER TABLE actions DROP CONSTRAINT refusal_iff_refused;
ALTER TABLE actions ADD CONSTRAINT refusal_iff_not_done
    CHECK ((refusal IS NOT NULL) = (state IN ('refused', 'failed')));

-- How far the provider's list of events was read. One row.
CREATE TABLE stripe_reading (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    -- When the newest event that was read was made, by the provider's clock.
    read_to timestamptz NOT NULL
);
