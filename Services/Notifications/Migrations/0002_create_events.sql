-- What happened anywhere in the marketplace, stored once, and who is yet to be told of it.
CREATE TABLE events (
    id          uuid        PRIMARY KEY,
    aggregate   uuid        NOT NULL,
    sequence    bigint      NOT NULL,
    name        text        NOT NULL,
    recipients  uuid[]      NOT NULL,
    body        text        NOT NULL,  -- what receivers get, byte for byte: signatures cover it
    at          timestamptz NOT NULL,
    request_id  text,
    received_at timestamptz NOT NULL
);
CREATE INDEX events_by_age ON events (received_at);

CREATE TABLE deliveries (
    id              uuid        PRIMARY KEY,
    event_id        uuid        NOT NULL REFERENCES events ON DELETE CASCADE,
    owner_id        uuid        NOT NULL,
    webhook_id      uuid        REFERENCES webhooks ON DELETE CASCADE,
    channel_id      uuid        REFERENCES channels ON DELETE CASCADE,
    endpoint_id     uuid        NOT NULL GENERATED ALWAYS AS (coalesce(webhook_id, channel_id)) STORED,
    state           text        NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'skipped')),
    attempt_count   int         NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    claim           uuid,
    lease_until     timestamptz,
    created_at      timestamptz NOT NULL,
    finished_at     timestamptz,
    CONSTRAINT one_endpoint CHECK (num_nonnulls(webhook_id, channel_id) = 1),
    CONSTRAINT finished_iff_not_pending CHECK ((finished_at IS NULL) = (state = 'pending')),
    CONSTRAINT due_iff_pending CHECK ((next_attempt_at IS NOT NULL) = (state = 'pending')),
    CONSTRAINT leased_iff_claimed CHECK ((claim IS NULL) = (lease_until IS NULL)),
    CONSTRAINT once_per_endpoint UNIQUE (event_id, endpoint_id)
);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'pending';
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, created_at DESC, id DESC) WHERE webhook_id IS NOT NULL;
CREATE INDEX deliveries_of_channel ON deliveries (channel_id) WHERE channel_id IS NOT NULL;

-- Every attempt, for the people who look for what became of an event.
CREATE TABLE delivery_attempts (
    delivery_id   uuid        NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    number        int         NOT NULL CHECK (number > 0),
    at            timestamptz NOT NULL,
    status        int,
    duration_ms   bigint      NOT NULL CHECK (duration_ms >= 0),
    response_body text        NOT NULL,
    error         text,
    PRIMARY KEY (delivery_id, number)
);
