-- Why: a balance transaction may show up behind one that is newer. Those of the last minutes are read at each look, so that
-- none is missed for ever.

-- All is read once more from the beginning.
DELETE FROM reconciliations;
ALTER TABLE reconciliations
    DROP COLUMN newest,
    -- When the newest one was made that was read.
    ADD COLUMN newest_at timestamptz,
    -- Those that were made before are in the sum, and not read again; NULL while all are.
    ADD COLUMN settled_before timestamptz,
    ADD COLUMN settled bigint NOT NULL;
