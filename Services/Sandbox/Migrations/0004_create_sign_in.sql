-- Why: a sign-in takes several requests; codes, tokens and the key that signs Google's tokens last across them and a restart.

CREATE TABLE github_codes (
    code text PRIMARY KEY,
    login text NOT NULL,
    client_id text NOT NULL,
    redirect_uri text NOT NULL,
    scope text NOT NULL,
    -- PKCE, S256 (RFC 7636); NULL when the client sent none.
    challenge text,
    expires_at timestamptz NOT NULL
);

CREATE TABLE github_tokens (
    token text PRIMARY KEY,
    login text NOT NULL,
    scope text NOT NULL,
    created_at timestamptz NOT NULL
);

-- P-256, made up at the first use. It guards nothing but a development stack.
CREATE TABLE google_keys (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    private_key bytea NOT NULL
);
