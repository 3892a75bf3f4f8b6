-- Accounts that leave the marketplace. While one is being deleted nothing of its may begin, so that what auth was told
-- of its deals stays true until it is gone; afterwards nothing may at all.

CREATE TABLE departures (
    account_id     uuid        NOT NULL,
    -- A deletion's, made by auth; each has a reservation of its own, so that calling one off leaves another's. NULL in
    -- the one row that says that the account has left.
    id             uuid,
    -- Until when the deletion keeps the account out.
    reserved_until timestamptz,
    left_at        timestamptz,
    CONSTRAINT reserved_or_left CHECK (num_nonnulls(reserved_until, left_at) = 1),
    CONSTRAINT id_while_reserved CHECK ((id IS NULL) = (reserved_until IS NULL)),
    CONSTRAINT one_row_per_deletion UNIQUE (account_id, id)
);

CREATE UNIQUE INDEX departures_left_once ON departures (account_id) WHERE left_at IS NOT NULL;
