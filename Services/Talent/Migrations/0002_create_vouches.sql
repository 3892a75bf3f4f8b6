-- Vouches: permanent, one per pair, never of oneself. Shown on the profile of the one vouched for.
CREATE TABLE vouches (
    voucher_id uuid        NOT NULL REFERENCES profiles,
    vouched_id uuid        NOT NULL REFERENCES profiles,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (vouched_id, voucher_id),
    CONSTRAINT not_oneself CHECK (voucher_id <> vouched_id)
);
