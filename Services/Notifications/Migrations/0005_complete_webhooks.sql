-- Why: owners rotate secrets, see what became of each delivery and why a webhook was disabled, and one that only fails is
-- disabled after some days.
ALTER TABLE webhooks
    ADD COLUMN ending        text CHECK (ending IN ('gone', 'failing', 'owner')),
    ADD COLUMN failing_since timestamptz,  -- since when no delivery was taken
    ADD COLUMN former_secret bytea,        -- encrypted; signs beside the present one
    ADD COLUMN former_until  timestamptz;
UPDATE webhooks SET ending = 'gone' WHERE disabled_at IS NOT NULL;
ALTER TABLE webhooks
    ADD CONSTRAINT ended_iff_disabled CHECK ((ending IS NULL) = (disabled_at IS NULL)),
    ADD CONSTRAINT former_secret_ends CHECK ((former_secret IS NULL) = (former_until IS NULL));
CREATE INDEX pending_of_line ON pending_deliveries (line_id, created_at DESC, id DESC);
