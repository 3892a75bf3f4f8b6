-- A key with scopes may live on until it is revoked: without an end. Its owner is warned of no end either.

ALTER TABLE api_keys ALTER COLUMN expires_at DROP NOT NULL;
