-- Conversations and their messages: begun here so that the shape is whole; no endpoint writes them yet.
CREATE TABLE conversations (
    id         uuid        PRIMARY KEY,
    -- The two accounts in order of id, so that a pair has one conversation.
    first_id   uuid        NOT NULL,
    second_id  uuid        NOT NULL,
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT in_order CHECK (first_id < second_id),
    CONSTRAINT one_per_pair UNIQUE (first_id, second_id)
);
CREATE TABLE messages (
    id              uuid        PRIMARY KEY,
    conversation_id uuid        NOT NULL REFERENCES conversations ON DELETE CASCADE,
    sender_id       uuid        NOT NULL,
    body            text        NOT NULL CHECK (char_length(body) BETWEEN 1 AND 5000),
    sent_at         timestamptz NOT NULL,
    read_at         timestamptz
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, sent_at DESC, id DESC);
