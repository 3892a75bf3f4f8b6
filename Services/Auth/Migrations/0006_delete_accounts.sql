-- An account can be deleted: its row stays without anything that says whose it was, and its GitHub identity is free
-- for a new one.

ALTER TABLE accounts
    ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deleted')),
    ADD CONSTRAINT nameless_once_deleted CHECK (status <> 'deleted' OR (email IS NULL AND github_id IS NULL));

CREATE TABLE deleted_accounts (
    account_id uuid PRIMARY KEY REFERENCES accounts (id),
    -- In the account's own words.
    reason text,
    deleted_at timestamptz NOT NULL
);
