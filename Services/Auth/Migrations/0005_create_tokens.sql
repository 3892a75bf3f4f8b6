-- Why: somebody who signs in with a password gets an access token, and a refresh token that renews it.

-- A session lives by a cookie, or by tokens. The successor of a refresh token is derived from it with refresh_key,
-- so that parallel refreshes get the same one; the key alone is worth nothing.
ALTER TABLE sessions ALTER COLUMN secret_sha256 DROP NOT NULL;
ALTER TABLE sessions ADD COLUMN refresh_key bytea CHECK (length(refresh_key) = 32);
ALTER TABLE sessions ADD CONSTRAINT by_cookie_or_tokens CHECK ((secret_sha256 IS NULL) <> (refresh_key IS NULL));

-- Those that were rotated stay until they expire: using one again ends the session.
CREATE TABLE refresh_tokens (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, expires_at);

-- What access tokens are signed with, the same in all replicas; sealed under a key made of SERVICE_SECRET.
CREATE TABLE signing_keys (
    -- The thumbprint of the public key (RFC 7638).
    id text PRIMARY KEY,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL
);
