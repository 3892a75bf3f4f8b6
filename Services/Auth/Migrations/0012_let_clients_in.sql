-- Programs of others act for accounts, within what each person has allowed them (OAuth 2.0). Whatever is secret is here
-- as SHA-256 alone.

CREATE TABLE oauth_clients (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    uri text CHECK (length(uri) BETWEEN 1 AND 2000),
    redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) <= 10),
    grant_types text[] NOT NULL CHECK (
        cardinality(grant_types) >= 1
        AND grant_types <@ ARRAY['authorization_code', 'refresh_token', 'client_credentials']),
    authentication text NOT NULL CHECK (authentication IN ('client_secret_basic', 'client_secret_post', 'none')),
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    secret_sha256 bytea CHECK (length(secret_sha256) = 32),
    created_at timestamptz NOT NULL,
    CONSTRAINT secret_unless_public CHECK ((authentication = 'none') = (secret_sha256 IS NULL)),
    CONSTRAINT own_token_needs_secret CHECK (
        authentication <> 'none' OR NOT grant_types @> ARRAY['client_credentials']),
    CONSTRAINT code_needs_redirect CHECK (
        NOT grant_types @> ARRAY['authorization_code'] OR cardinality(redirect_uris) >= 1)
);

CREATE INDEX oauth_clients_by_account ON oauth_clients (account_id, created_at DESC, id DESC);

-- That an account has let a client in.
CREATE TABLE oauth_grants (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id),
    client_id uuid NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    CONSTRAINT one_grant_per_account_and_client UNIQUE (account_id, client_id)
);

CREATE INDEX oauth_grants_by_client ON oauth_grants (client_id);
CREATE INDEX oauth_grants_by_account ON oauth_grants (account_id, created_at DESC, id DESC);

-- All tokens that came of one code. The successor of a refresh token is derived from it with refresh_key, as in sessions.
CREATE TABLE oauth_families (
    id uuid PRIMARY KEY,
    grant_id uuid NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    refresh_key bytea NOT NULL CHECK (length(refresh_key) = 32),
    -- When its last token ends.
    expires_at timestamptz NOT NULL
);

CREATE INDEX oauth_families_by_grant ON oauth_families (grant_id, id DESC);
CREATE INDEX oauth_families_by_end ON oauth_families (expires_at);

-- A code that was used stays until it would have ended: using it again ends the family.
CREATE TABLE oauth_codes (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    grant_id uuid NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
    -- As it was asked for; NULL when the client left it out.
    redirect_uri text CHECK (length(redirect_uri) BETWEEN 1 AND 2000),
    -- RFC 7636, method S256.
    challenge text NOT NULL CHECK (length(challenge) = 43),
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    family_id uuid REFERENCES oauth_families (id) ON DELETE SET NULL,
    CONSTRAINT family_once_used CHECK (family_id IS NULL OR used_at IS NOT NULL)
);

CREATE INDEX oauth_codes_by_grant ON oauth_codes (grant_id, expires_at DESC);
CREATE INDEX oauth_codes_by_family ON oauth_codes (family_id);
CREATE INDEX oauth_codes_by_end ON oauth_codes (expires_at);

CREATE TABLE oauth_access_tokens (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    client_id uuid NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
    account_id uuid NOT NULL REFERENCES accounts (id),
    -- NULL: the client acts for the account that registered it.
    family_id uuid REFERENCES oauth_families (id) ON DELETE CASCADE,
    scopes text[] NOT NULL CHECK (cardinality(scopes) >= 1),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);

CREATE INDEX oauth_access_tokens_by_client ON oauth_access_tokens (client_id, created_at DESC);
CREATE INDEX oauth_access_tokens_by_account ON oauth_access_tokens (account_id);
CREATE INDEX oauth_access_tokens_by_family ON oauth_access_tokens (family_id, created_at DESC);
CREATE INDEX oauth_access_tokens_by_end ON oauth_access_tokens (expires_at);

-- Those that were rotated stay until they expire: using one again ends the family.
CREATE TABLE oauth_refresh_tokens (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    family_id uuid NOT NULL REFERENCES oauth_families (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    rotated_at timestamptz
);

CREATE INDEX oauth_refresh_tokens_by_family ON oauth_refresh_tokens (family_id, expires_at);
