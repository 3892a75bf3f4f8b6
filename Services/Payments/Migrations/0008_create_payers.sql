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
    -- How often the last card said no.
    refusals bigint NOT NULL DEFAULT 0,
    -- Of the last attempt: a repeat under the same key must say the same.
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
    CONSTRAINT attempted_iff_counted CHECK (
        (attempts > 0) = (attempted_at IS NOT NULL) AND (attempted_at IS NULL) = (attempt_customer_id IS NULL)
        AND (attempted_at IS NULL) = (attempt_card_id IS NULL)),
    CONSTRAINT charging_is_an_attempt CHECK (state = 'owed' OR attempts > 0),
    CONSTRAINT payment_iff_collected CHECK ((state = 'collected') = (payment_intent_id IS NOT NULL))
);
CREATE INDEX arbitration_fees_open ON arbitration_fees (payer_id) WHERE state <> 'collected';

-- Fees that were booked before there were cards to ask.
INSERT INTO arbitration_fees (dispute_id, payer_id, amount_minor, amount_currency, state, created_at, updated_at)
SELECT t.subject, substring(e.account_id FROM '^owed:(.*)$')::uuid, -e.amount, e.unit, 'owed', t.at, t.at
  FROM ledger_transactions t
  JOIN ledger_entries e ON e.transaction_id = t.id
 WHERE t.kind = 'arbitration' AND e.account_id LIKE 'owed:%';

-- While a client's payment is being begun, its customer stays.
CREATE INDEX escrows_begun_of_client ON escrows (client_id) WHERE moving IS NOT NULL OR state = 'authorizing';

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'arbitration', 'arbitration_paid', 'opening_credits',
        'credits_spent', 'credits_granted'));
