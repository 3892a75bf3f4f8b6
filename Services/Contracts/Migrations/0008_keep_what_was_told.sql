-- What payments told of a milestone's fee is kept, so that contracts needs no rate of its own; a decision says whether
-- the party that lost is charged, apart from what the fee was that day; and the advisor is asked once about a case,
-- whoever asks, on whichever replica.

ALTER TABLE milestones
    -- Told when the client began to pay. NULL: nothing is paid yet, or ever.
    ADD COLUMN quoted_fee_cents bigint CHECK (quoted_fee_cents BETWEEN 0 AND amount_cents);

ALTER TABLE disputes ADD COLUMN decision_charges_fee boolean;
UPDATE disputes SET decision_charges_fee = decision_fee_cents > 0 WHERE decided_at IS NOT NULL;
ALTER TABLE disputes
    DROP CONSTRAINT decision_is_whole,
    ADD CONSTRAINT decision_is_whole CHECK (
        num_nonnulls(decision_outcome, decision_worker_cents, decision_returned_cents, decision_fee_cents,
                     decision_charges_fee, decided_by, decided_at) IN (0, 7)),
    ADD CONSTRAINT only_the_charged_pay CHECK (decision_charges_fee OR decision_fee_cents = 0),
    -- A digest of the case that the advice is on; NULL for advice of old.
    ADD COLUMN recommendation_case text CHECK (recommendation_case IS NULL OR recommendation_outcome IS NOT NULL);

CREATE TABLE advice_asks (
    id          uuid        PRIMARY KEY,
    dispute_id  uuid        NOT NULL REFERENCES disputes,
    case_digest text        NOT NULL,
    -- Who caused it, and may do so only so often.
    account_id  uuid        NOT NULL,
    asked_at    timestamptz NOT NULL,
    -- After which the process that asks is given up.
    lease_until timestamptz NOT NULL CHECK (lease_until > asked_at),
    ended_at    timestamptz
);

CREATE UNIQUE INDEX advice_asks_one_at_a_time ON advice_asks (dispute_id) WHERE ended_at IS NULL;
CREATE INDEX advice_asks_of_account ON advice_asks (account_id, asked_at);
