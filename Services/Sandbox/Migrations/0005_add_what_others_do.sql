-- Why: at Stripe money moves without us, and its answers and events fail in more ways. What a test has set up for that
-- outlives a restart as well.

ALTER TABLE stripe_balances ADD COLUMN pending bigint NOT NULL DEFAULT 0;

-- How this Stripe treats money. The row is missing while everything is as usual.
CREATE TABLE stripe_settings (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- Until the money of a charge is available.
    balance_delay_seconds bigint NOT NULL CHECK (balance_delay_seconds >= 0),
    fee_basis_points bigint NOT NULL CHECK (fee_basis_points BETWEEN 0 AND 10000),
    fee_fixed_minor bigint NOT NULL CHECK (fee_fixed_minor >= 0),
    dispute_fee_minor bigint NOT NULL CHECK (dispute_fee_minor >= 0),
    refunds text NOT NULL CHECK (refunds IN ('succeeded', 'pending')),
    payouts text NOT NULL CHECK (payouts IN ('manual', 'daily')),
    -- Of the platform's money to its bank; NULL when nobody pays it out but by hand.
    next_payout_at timestamptz,
    CONSTRAINT next_payout_iff_daily CHECK ((next_payout_at IS NOT NULL) = (payouts = 'daily'))
);

ALTER TABLE faults
    -- Reads or writes alone; NULL is both.
    ADD COLUMN calls text CHECK (calls IN ('read', 'write')),
    -- The id of the only object whose calls fail: in the path, the query or the body.
    ADD COLUMN object text,
    DROP CONSTRAINT faults_mode_check,
    ADD CONSTRAINT known_mode CHECK (mode IN (
        'error', 'timeout', 'timeout_after_success', 'rate_limit', 'decline', 'stored_error', 'error_after_success',
        'unauthorized', 'proxy_refusal', 'processing', 'requires_action', 'events_first'));

-- One event may be delivered twice.
ALTER TABLE stripe_deliveries
    DROP CONSTRAINT stripe_deliveries_event_id_key,
    -- Of the call that caused the event; NULL when none did.
    ADD COLUMN request_id text;

-- How the next events are to go wrong on their way.
CREATE TABLE delivery_faults (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mode text NOT NULL CHECK (mode IN ('twice', 'later', 'dropped')),
    -- A part of the event's type; NULL fits every type.
    event_type text,
    remaining bigint NOT NULL CHECK (remaining >= 0)
);

CREATE INDEX stripe_answers_by_age ON stripe_answers (answered_at);
