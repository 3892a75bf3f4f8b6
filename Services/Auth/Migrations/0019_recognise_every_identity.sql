-- Why: who took GitHub away from an account, deleted it and signed up with GitHub again was somebody new, with another
-- welcome and another day's quota. So the keyed digests of what was taken away stay with the account, and its owner is
-- recognised by them, too, when it is deleted (departed_people). They go with it.
CREATE TABLE former_identities (
    account_id uuid NOT NULL REFERENCES accounts,
    digest     text NOT NULL CHECK (length(digest) = 64),
    PRIMARY KEY (account_id, digest)
);
