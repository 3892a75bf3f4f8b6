-- Why: messages of a conversation are counted. So a conversation of a million messages pages by its index, unread ones
-- are known without a look at them, and parallel senders have one order. Nothing ever wrote to the tables before.
DROP TABLE messages;
DROP TABLE conversations;

CREATE TABLE conversations (
    id            uuid        PRIMARY KEY,
    -- The two accounts in order of id, so that a pair has one conversation.
    first_id      uuid        NOT NULL,
    second_id     uuid        NOT NULL,
    started_by    uuid        NOT NULL,
    -- The match that it began with.
    match_id      uuid,
    -- How many messages there are, which is the newest one's position, and how many of them the first account wrote.
    -- Changed only while this row is locked.
    last_position bigint      NOT NULL DEFAULT 0,
    first_sent    bigint      NOT NULL DEFAULT 0 CHECK (first_sent BETWEEN 0 AND last_position),
    created_at    timestamptz NOT NULL,
    -- The time of the newest message.
    updated_at    timestamptz NOT NULL,
    CONSTRAINT in_order CHECK (first_id < second_id),
    CONSTRAINT one_per_pair UNIQUE (first_id, second_id)
);

CREATE TABLE messages (
    conversation_id uuid        NOT NULL REFERENCES conversations,
    position        bigint      NOT NULL CHECK (position > 0),
    -- How many messages of its sender there are up to this one; the others up to here are the other account's.
    ordinal         bigint      NOT NULL CHECK (ordinal BETWEEN 1 AND position),
    id              uuid        NOT NULL UNIQUE,
    sender_id       uuid        NOT NULL,
    type            text        NOT NULL CHECK (type IN ('text', 'image', 'file', 'audio')),
    body            text        NOT NULL CHECK (char_length(body) <= 5000),
    match_id        uuid,
    media_id        uuid,
    sent_at         timestamptz NOT NULL,
    deleted_at      timestamptz,
    PRIMARY KEY (conversation_id, position),
    CONSTRAINT deleted_is_empty CHECK ((body = '') = (deleted_at IS NOT NULL))
);

-- An account's place in its conversations.
CREATE TABLE participants (
    conversation_id uuid        NOT NULL REFERENCES conversations,
    account_id      uuid        NOT NULL,
    other_id        uuid        NOT NULL,
    -- Up to where it has read.
    read_position   bigint      NOT NULL DEFAULT 0,
    -- How many messages it got, and how many of them it has read.
    received        bigint      NOT NULL DEFAULT 0,
    read_received   bigint      NOT NULL DEFAULT 0 CHECK (read_received BETWEEN 0 AND received),
    unread          bigint      NOT NULL GENERATED ALWAYS AS (received - read_received) STORED,
    -- The conversation's.
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, account_id)
);
CREATE INDEX participants_newest ON participants (account_id, updated_at DESC, conversation_id DESC);
CREATE INDEX participants_unread ON participants (account_id, updated_at DESC, conversation_id DESC) WHERE unread > 0;

-- When an account had read up to a position. A message was read at the first of these that reaches it.
CREATE TABLE reads (
    conversation_id uuid        NOT NULL REFERENCES conversations,
    account_id      uuid        NOT NULL,
    position        bigint      NOT NULL,
    read_at         timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, account_id, position)
);

-- What opened conversations at the request of other services, so that a repeat sends nothing.
CREATE TABLE openings (
    id              uuid PRIMARY KEY,
    conversation_id uuid NOT NULL
);

-- Accounts that were deleted: nothing is delivered to them.
CREATE TABLE departures (
    account_id uuid        PRIMARY KEY,
    left_at    timestamptz NOT NULL
);
