-- Why: everything that was sent through the sandbox can be read back.

CREATE TABLE messages (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    channel text NOT NULL CHECK (channel IN ('email', 'telegram', 'slack', 'discord')),
    -- Mail address, chat, or the path of an incoming webhook.
    recipient text NOT NULL,
    subject text,
    text text NOT NULL,
    -- The request's body, as it came.
    payload jsonb NOT NULL,
    idempotency_key text,
    at timestamptz NOT NULL,
    CONSTRAINT sent_once_per_recipient UNIQUE (channel, idempotency_key, recipient)
);
CREATE INDEX messages_by_recipient ON messages (channel, lower(recipient), position DESC);
