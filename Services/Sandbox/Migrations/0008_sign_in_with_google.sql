-- Why: Google gives codes as GitHub does, for a token that repeats the nonce.
ALTER TABLE github_codes RENAME TO authorization_codes;
ALTER TABLE authorization_codes
    ADD COLUMN provider text NOT NULL DEFAULT 'GitHub',
    ADD COLUMN nonce text;
