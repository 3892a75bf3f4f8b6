-- Who the people and agents of the marketplace are, and how they prove it.
-- Times are given by the service's clock; what is secret is here as its SHA-256 only.

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    user_type text NOT NULL CHECK (user_type IN ('freelancer', 'client')),
    plan text NOT NULL CHECK (plan IN ('free', 'pro', 'enterprise', 'custom')),
    display_name text NOT NULL CHECK (display_name <> ''),
    email text,
    github_id bigint UNIQUE,
    github_username text,
    github_created_at timestamptz,
    github_has_public_work boolean,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT github_facts_together CHECK (
        (github_id IS NULL) = (github_username IS NULL)
        AND (github_id IS NULL) = (github_created_at IS NULL)
        AND (github_id IS NULL) = (github_has_public_work IS NULL)
    )
);

-- Agents that the marketplace hosts for an account; a key may be limited to one.
CREATE TABLE hosted_agents (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    name text NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    secret_sha256 bytea NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);

CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- A browser sent to GitHub and not back yet. The row goes with its first use.
CREATE TABLE sign_ins (
    state_sha256 bytea PRIMARY KEY CHECK (length(state_sha256) = 32),
    browser_sha256 bytea NOT NULL CHECK (length(browser_sha256) = 32),
    code_verifier text NOT NULL,
    return_to text NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);
