-- Why: the surfaces write the body of a delivery in different ways, and a webhook gets it as the one does on which it was
-- made. The event itself is stored once.
ALTER TABLE webhooks
    ADD COLUMN format text NOT NULL DEFAULT 'clawconnected' CHECK (format IN ('clawconnected', 'skillsync'));
ALTER TABLE webhooks ALTER COLUMN format DROP DEFAULT;
