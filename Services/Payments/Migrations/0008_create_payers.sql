-- Why: a client's card is kept when it pays, so that an arbitration fee can be charged to it later. What is charged is
-- written down before the provider is asked.

CREATE TABLE payers (
    account_id uuid PRIMARY KEY,
    stripe_customer_id text NOT NULL CONSTRAINT one_payer_per_customer UNIQUE,
    -- The payment method of the latest payment; NULL until one was confirmed.
    card_id text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE arbitration_fees (
    dispute_id uuid PRIMARY KEY,
    payer_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    amount_currency text NOT NULL,
    state text NOT NULL,
    -- How often a card was asked; the last of them is part of the idempotency key.
    attempts bigint NOT NULL DEFAULT 0,
    -- Of the attempt under way: a repeat under the same key must say the same.
    attempt_customer_id text,
    attempt_card_id text,
    attempted_at timestamptz,
    -- Why the last attempt came to nothing; for the log and for support.
    refusal text,
    payment_intent_id text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT known_state CHECK (state IN ('owed', 'charging', 'collected')),
    CONSTRAINT amount_positive CHECK (amount_minor > 0),
    CONSTRAINT attempt_iff_charging CHECK (
        (state = 'charging') = (attempt_customer_id IS NOT NULL)
        AND (state = 'charging') = (attempt_card_id IS NOT NULL)
        AND (state = 'charging') = (attempted_at IS NOT NULL)),
    CONSTRAINT payment_iff_collected CHECK ((state = 'collected') = (payment_intent_id IS NOT NULL))
);
CREATE INDEX arbitration_fees_owed ON arbitration_fees (payer_id) WHERE state = 'owed';

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'arbitration', 'arbitration_paid', 'opening_credits',
        'credits_spent', 'credits_granted'));
