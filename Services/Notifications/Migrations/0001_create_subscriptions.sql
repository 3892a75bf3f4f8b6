-- Where users want to be told: webhooks of their programs, and channels they read themselves.
CREATE TABLE webhooks (
    id            uuid        PRIMARY KEY,
    owner_id      uuid        NOT NULL,
    url           text        NOT NULL CHECK (char_length(url) BETWEEN 1 AND 2048),
    events        text[]      NOT NULL CHECK (cardinality(events) > 0),
    retry_policy  text        NOT NULL CHECK (retry_policy IN ('standard', 'durable')),
    sealed_secret bytea       NOT NULL,  -- encrypted: it has to be recovered for signing
    disabled_at   timestamptz,
    version       bigint      NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX webhooks_of_owner ON webhooks (owner_id, created_at DESC, id DESC);

CREATE TABLE channels (
    id             uuid        PRIMARY KEY,
    owner_id       uuid        NOT NULL,
    channel_type   text        NOT NULL,
    chat_id        text,
    webhook_url    text,
    address        text,
    enabled_events text[]      NOT NULL CHECK (cardinality(enabled_events) > 0),
    version        bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT config_fits_type CHECK (
        CASE channel_type
            WHEN 'telegram' THEN chat_id IS NOT NULL AND num_nonnulls(webhook_url, address) = 0
            WHEN 'email' THEN address IS NOT NULL AND num_nonnulls(chat_id, webhook_url) = 0
            WHEN 'slack' THEN webhook_url IS NOT NULL AND num_nonnulls(chat_id, address) = 0
            WHEN 'discord' THEN webhook_url IS NOT NULL AND num_nonnulls(chat_id, address) = 0
            ELSE false
        END
    )
);
CREATE INDEX channels_of_owner ON channels (owner_id, created_at DESC, id DESC);
