-- API keys. A key that was rotated names its successor, so that it cannot be rotated twice.

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    prefix text NOT NULL CHECK (prefix ~ '^[a-z0-9_]{1,16}$'),
    display_prefix text NOT NULL,
    name text CHECK (length(name) BETWEEN 1 AND 100),
    hosted_agent_id uuid REFERENCES hosted_agents (id),
    -- NULL: everything the account may do.
    scopes text[],
    secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    replaced_by uuid REFERENCES api_keys (id),
    last_used_at timestamptz
);

CREATE INDEX api_keys_by_account ON api_keys (account_id, created_at DESC, id DESC);
