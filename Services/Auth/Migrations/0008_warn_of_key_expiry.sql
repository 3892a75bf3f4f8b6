-- Owners hear once that a key is about to end.

ALTER TABLE api_keys ADD COLUMN warned_at timestamptz;

CREATE INDEX api_keys_to_warn_of ON api_keys (expires_at)
    WHERE warned_at IS NULL AND revoked_at IS NULL AND replaced_by IS NULL;
