-- What ended a negotiation that has expired. NULL for those that expired before this was kept.
ALTER TABLE negotiations
    ADD COLUMN ended_by text CHECK (ended_by IN ('decline', 'rounds', 'silence', 'departure')),
    ADD CONSTRAINT ended_by_when_expired CHECK (ended_by IS NULL OR state = 'expired');
