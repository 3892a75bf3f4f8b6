-- Why: Skillhouse's chat is in the same conversations. It tells who of the two is the client, shows images and videos, also
-- without words, and who is there. A message's sender may take it back.
ALTER TABLE conversations
    ADD COLUMN client_id uuid,
    ADD CONSTRAINT client_takes_part CHECK (client_id IN (first_id, second_id));

ALTER TABLE messages
    -- What Skillhouse shows of the attachment.
    ADD COLUMN media_type text CHECK (media_type IN ('image', 'video')),
    ADD CONSTRAINT media_is_attached CHECK (media_type IS NULL OR media_id IS NOT NULL),
    DROP CONSTRAINT deleted_is_empty,
    ADD CONSTRAINT deleted_is_empty CHECK (
        CASE WHEN deleted_at IS NULL THEN body <> '' OR media_id IS NOT NULL ELSE body = '' AND media_id IS NULL END);

-- The processes that hold sockets. One that does not renew its lease is gone, and nobody is there through it. The time is
-- PostgreSQL's.
CREATE TABLE replicas (
    id          uuid        PRIMARY KEY,
    lease_until timestamptz NOT NULL
);

-- Who is there, through which processes.
CREATE TABLE presences (
    account_id uuid NOT NULL,
    replica_id uuid NOT NULL REFERENCES replicas ON DELETE CASCADE,
    PRIMARY KEY (account_id, replica_id)
);
CREATE INDEX presences_of_replica ON presences (replica_id);
