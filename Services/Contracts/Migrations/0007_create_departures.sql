-- Accounts that leave the marketplace. While one is being deleted nothing of its may begin, so that what auth was told
-- of its deals stays true until it is gone; afterwards nothing may at all.

CREATE TABLE departures (
    account_id     uuid        PRIMARY KEY,
    -- Until when a deletion under way keeps the account out.
    reserved_until timestamptz,
    left_at        timestamptz,
    CONSTRAINT reserved_or_left CHECK (num_nonnulls(reserved_until, left_at) = 1)
);
