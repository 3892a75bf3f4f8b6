-- Why: a client of Skillhouse pays the whole price of a job at once. The payment waits in escrow for its contract and
-- ends in wallets. It shares actions, withdrawals, cases and the ledger with the money of milestones.

CREATE TABLE checkouts (
    id uuid PRIMARY KEY,
    job_id uuid NOT NULL,
    client_id uuid NOT NULL,
    freelancer_id uuid NOT NULL,
    -- The contract that it was begun for; NULL when the client pays before there is one.
    quoted_contract_id uuid,
    -- What the payment page calls it.
    title text NOT NULL,
    -- What was asked for.
    amount_minor bigint NOT NULL CONSTRAINT amount_positive CHECK (amount_minor > 0),
    amount_currency text NOT NULL,
    state text NOT NULL CONSTRAINT known_state CHECK (state IN (
        'opening', 'open', 'processing', 'ended', 'paid', 'funded', 'released', 'refunded', 'returning', 'returned')),
    -- The key of the action under way.
    moving text REFERENCES actions,
    session_id text CONSTRAINT one_checkout_per_session UNIQUE,
    payment_intent_id text CONSTRAINT one_checkout_per_payment UNIQUE,
    -- What came, and the part of it that went back to the card.
    paid_minor bigint,
    paid_currency text,
    returned_minor bigint NOT NULL DEFAULT 0,
    -- What contracts made of it.
    contract_id uuid,
    contract_number text,
    job_title text,
    -- How it was divided, by a release or by a refund. What others take back later is taken from these.
    fee_minor bigint,
    client_minor bigint,
    freelancer_minor bigint,
    -- Why a contract is being canceled.
    cancel_reason text,
    cancel_description text,
    -- While the client's bank disputes the payment, nothing moves the money.
    is_frozen boolean NOT NULL DEFAULT false,
    funded_at timestamptz,
    divided_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT session_iff_opened CHECK (session_id IS NOT NULL OR state IN ('opening', 'ended')),
    CONSTRAINT payment_iff_paid CHECK (
        (state IN ('opening', 'open', 'processing', 'ended')) = (paid_minor IS NULL)
        AND (paid_minor IS NULL) = (paid_currency IS NULL) AND (paid_minor IS NULL) = (payment_intent_id IS NULL)),
    CONSTRAINT returned_is_part CHECK (returned_minor >= 0 AND returned_minor <= coalesce(paid_minor, 0)),
    CONSTRAINT contract_iff_funded CHECK (
        (state IN ('funded', 'released', 'refunded')) = (contract_id IS NOT NULL)
        AND (contract_id IS NULL) = (contract_number IS NULL) AND (contract_id IS NULL) = (job_title IS NULL)
        AND (contract_id IS NULL) = (funded_at IS NULL)),
    CONSTRAINT shares_iff_divided CHECK (
        (state IN ('released', 'refunded')) = (fee_minor IS NOT NULL)
        AND (fee_minor IS NULL) = (client_minor IS NULL) AND (fee_minor IS NULL) = (freelancer_minor IS NULL)
        AND (fee_minor IS NULL) = (divided_at IS NULL)),
    CONSTRAINT shares_are_parts CHECK (
        fee_minor >= 0 AND client_minor >= 0 AND freelancer_minor >= 0
        AND fee_minor + client_minor + freelancer_minor <= paid_minor)
);
-- One page at a time on which a client can pay for the same.
CREATE UNIQUE INDEX one_live_checkout ON checkouts (job_id, client_id, freelancer_id)
    WHERE state IN ('opening', 'open', 'processing', 'paid');
CREATE UNIQUE INDEX one_escrow_per_contract ON checkouts (contract_id) WHERE contract_id IS NOT NULL;
-- For admins' lists and reports.
CREATE INDEX checkouts_by_age ON checkouts (funded_at DESC, id DESC) WHERE funded_at IS NOT NULL;
CREATE INDEX checkouts_by_state ON checkouts (state) WHERE state IN ('funded', 'released', 'refunded');
-- Before an account is deleted, its money that is not where it belongs yet is looked for.
CREATE INDEX checkouts_open_of_client ON checkouts (client_id)
    WHERE state IN ('processing', 'paid', 'funded', 'returning');
CREATE INDEX checkouts_open_of_freelancer ON checkouts (freelancer_id) WHERE state IN ('paid', 'funded');

ALTER TABLE actions ALTER COLUMN milestone_id DROP NOT NULL;
ALTER TABLE actions ADD COLUMN checkout_id uuid REFERENCES checkouts;
ALTER TABLE actions ADD CONSTRAINT about_one_thing CHECK (num_nonnulls(milestone_id, checkout_id) = 1);
CREATE UNIQUE INDEX numbered_once_for_checkouts ON actions (checkout_id, operation, number)
    WHERE checkout_id IS NOT NULL;
CREATE UNIQUE INDEX one_action_of_a_checkout ON actions (checkout_id) WHERE state = 'started' AND checkout_id IS NOT NULL;
ALTER TABLE actions DROP CONSTRAINT known_kind;
ALTER TABLE actions ADD CONSTRAINT known_kind CHECK (kind IN (
    'authorize', 'capture', 'release', 'cancel', 'refund', 'transfer', 'session', 'settle', 'give_back', 'award', 'divide'));
ALTER TABLE actions DROP CONSTRAINT amount_of_refunds;
ALTER TABLE actions ADD CONSTRAINT amount_of_refunds
    CHECK ((amount_minor > 0) = (kind IN ('refund', 'give_back')));

ALTER TABLE withdrawals ALTER COLUMN milestone_id DROP NOT NULL;
ALTER TABLE withdrawals ADD COLUMN checkout_id uuid REFERENCES checkouts;
ALTER TABLE withdrawals ADD CONSTRAINT about_one_thing CHECK (num_nonnulls(milestone_id, checkout_id) = 1);
ALTER TABLE withdrawals ADD COLUMN amount_currency text;
UPDATE withdrawals w SET amount_currency = e.amount_currency FROM escrows e WHERE e.milestone_id = w.milestone_id;
ALTER TABLE withdrawals ALTER COLUMN amount_currency SET NOT NULL;

ALTER TABLE escrow_cases ADD COLUMN checkout_id uuid;

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'division', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction'));
