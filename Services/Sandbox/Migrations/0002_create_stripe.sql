-- Why: the sandbox's Stripe keeps its objects, its balances, the answers under idempotency keys and the webhooks not delivered yet.

CREATE TABLE stripe_objects (
    -- Orders lists, newest first.
    position bigint GENERATED ALWAYS AS IDENTITY,
    id text PRIMARY KEY,
    -- Stripe's `object`.
    kind text NOT NULL,
    -- As Stripe shows it.
    body jsonb NOT NULL,
    -- What Stripe knows and does not show.
    hidden jsonb NOT NULL DEFAULT '{}',
    -- When it changes by itself: a hold lapses, a session expires.
    due_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT body_is_its_object CHECK (body ->> 'object' = kind)
);
CREATE INDEX stripe_objects_by_kind ON stripe_objects (kind, position DESC);
CREATE INDEX stripe_objects_due ON stripe_objects (due_at) WHERE due_at IS NOT NULL;

-- What an account can pay out, in minor units. The platform's is called 'platform'.
CREATE TABLE stripe_balances (
    account text NOT NULL,
    currency text NOT NULL,
    available bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (account, currency)
);

CREATE TABLE stripe_answers (
    idempotency_key text PRIMARY KEY CHECK (char_length(idempotency_key) BETWEEN 1 AND 255),
    -- Method, path and parameters, hashed.
    fingerprint text NOT NULL,
    request_id text NOT NULL,
    status integer NOT NULL,
    body bytea NOT NULL,
    answered_at timestamptz NOT NULL
);

CREATE TABLE stripe_deliveries (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL UNIQUE,
    -- The very bytes that are signed and sent, each time the same.
    payload bytea NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    -- By the system's time: the pace of retries does not follow the sandbox's clock.
    next_attempt_at timestamptz NOT NULL,
    -- Refused again and again: it no longer holds up those behind it.
    is_set_aside boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
