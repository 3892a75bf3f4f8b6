-- Why: money moves at the provider without us. Refunds in its dashboard, refunds that fail later, chargebacks, reversals
-- and lost accounts are followed; what cannot be followed is a case for an admin.

-- Money of a payment that goes back to its payer.
CREATE TABLE withdrawals (
    -- The provider's id of the refund or the dispute.
    id text PRIMARY KEY,
    milestone_id uuid NOT NULL REFERENCES escrows,
    payment_intent_id text NOT NULL,
    kind text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('refund', 'dispute')),
    amount_minor bigint NOT NULL CONSTRAINT amount_positive CHECK (amount_minor > 0),
    -- The key of the posting that took the money from where it was. It names where a failed one comes back to.
    posting text NOT NULL,
    -- pending: a refund that has not arrived, a dispute that is not decided. undone: failed, or won.
    state text NOT NULL CONSTRAINT known_state CHECK (state IN ('pending', 'final', 'undone')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX withdrawals_by_payment ON withdrawals (payment_intent_id, created_at, id);

-- While a dispute is undecided, nothing moves the money.
ALTER TABLE escrows ADD COLUMN is_frozen boolean NOT NULL DEFAULT false;
-- All of it can go back after the release, too.
ALTER TABLE escrows DROP CONSTRAINT returned_is_part;
ALTER TABLE escrows DROP CONSTRAINT fee_below_rest;
ALTER TABLE escrows ADD CONSTRAINT returned_is_part CHECK (returned_minor BETWEEN 0 AND amount_minor);
ALTER TABLE escrows ADD CONSTRAINT fee_below_rest CHECK (
    fee_minor >= 0 AND (fee_minor < amount_minor - returned_minor OR fee_minor = 0 AND returned_minor = amount_minor));

-- Of a transfer that waits for money: how often it was refused. Each try has an idempotency key of its own.
ALTER TABLE actions ADD COLUMN tries bigint NOT NULL DEFAULT 0;
ALTER TABLE actions DROP CONSTRAINT known_state;
ALTER TABLE actions ADD CONSTRAINT known_state
    CHECK (state IN ('started', 'finished', 'refused', 'failed', 'waiting'));
ALTER TABLE actions DROP CONSTRAINT refusal_iff_not_done;
ALTER TABLE actions ADD CONSTRAINT refusal_iff_not_done
    CHECK ((refusal IS NOT NULL) = (state IN ('refused', 'failed', 'waiting')));

-- The account that the payee lost, so that another one can take its place.
ALTER TABLE payees ADD COLUMN lost_account_id text;

CREATE TABLE escrow_cases (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    -- What it is about: the provider's id of a refund, a dispute, a payment, a transfer or an account.
    subject text NOT NULL,
    milestone_id uuid,
    contract_id uuid,
    account_id uuid,
    amount_minor bigint,
    amount_currency text,
    -- What our books say, and what the provider says.
    believed text NOT NULL,
    reported text NOT NULL,
    opened_at timestamptz NOT NULL,
    -- NULL while it is open.
    closed_at timestamptz,
    -- The admin who closed it; NULL when it was settled by itself.
    closed_by uuid,
    note text,
    CONSTRAINT amount_has_currency CHECK ((amount_minor IS NULL) = (amount_currency IS NULL)),
    CONSTRAINT closed_says_why CHECK ((closed_at IS NULL) = (note IS NULL))
);
CREATE UNIQUE INDEX one_open_case ON escrow_cases (kind, subject) WHERE closed_at IS NULL;
CREATE INDEX escrow_cases_by_age ON escrow_cases (opened_at DESC, id DESC);

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction'));
