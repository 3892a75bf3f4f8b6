-- What was agreed, who approved it, and the milestones it is paid by.

CREATE TABLE contracts (
    id                  uuid        PRIMARY KEY,
    negotiation_id      uuid        NOT NULL UNIQUE REFERENCES negotiations,
    gig_id              uuid        NOT NULL,
    gig_title           text        NOT NULL,
    client_user_id      uuid        NOT NULL,
    worker_user_id      uuid        NOT NULL,
    status              text        NOT NULL CHECK (status IN (
        'pending_owner_approval', 'pending_freelancer_kyc', 'pending_client_funding', 'pending_both',
        'active', 'completed', 'cancelled', 'expired')),
    rate_cents          bigint      CHECK (rate_cents BETWEEN 0 AND 9007199254740991),
    hours_per_week      int         CHECK (hours_per_week BETWEEN 0 AND 168),
    start_date          date,
    payout_delay_days   int         NOT NULL CHECK (payout_delay_days BETWEEN 3 AND 10),
    client_approved_at  timestamptz,
    worker_approved_at  timestamptz,
    activation_deadline timestamptz,
    revision_notes      text,
    version             bigint      NOT NULL CHECK (version > 0),
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT deadline_iff_both_approved CHECK (
        (activation_deadline IS NOT NULL)
        = (client_approved_at IS NOT NULL AND worker_approved_at IS NOT NULL)),
    CONSTRAINT nothing_without_both_approvals CHECK (
        CASE status
            WHEN 'pending_owner_approval' THEN activation_deadline IS NULL
            WHEN 'cancelled' THEN true
            ELSE activation_deadline IS NOT NULL
        END)
);

CREATE INDEX contracts_of_client ON contracts (client_user_id, created_at DESC, id DESC);
CREATE INDEX contracts_of_worker ON contracts (worker_user_id, created_at DESC, id DESC);
-- What a worker's finished onboarding moves.
CREATE INDEX contracts_waiting_for_worker ON contracts (worker_user_id)
    WHERE status IN ('pending_freelancer_kyc', 'pending_both');

CREATE TABLE milestones (
    id                 uuid        PRIMARY KEY,
    contract_id        uuid        NOT NULL REFERENCES contracts,
    -- Milestones are funded in this order, counted from 1.
    position           int         NOT NULL CHECK (position > 0),
    title              text        NOT NULL,
    amount_cents       bigint      NOT NULL CHECK (amount_cents BETWEEN 0 AND 9007199254740991),
    status             text        NOT NULL CHECK (status IN ('pending', 'funded', 'delivered', 'released')),
    -- What payments is doing with the money right now; while set, nothing else may move it.
    moving             text        CHECK (moving IN ('release', 'revise', 'expire')),
    delivery_note      text,
    delivery_url       text,
    funded_at          timestamptz,
    delivered_at       timestamptz,
    released_at        timestamptz,
    payout_at          timestamptz,
    platform_fee_cents bigint,
    transfer_cents     bigint,
    UNIQUE (contract_id, position),
    CONSTRAINT funded_at_iff_funded CHECK ((funded_at IS NULL) = (status = 'pending')),
    CONSTRAINT delivered_at_when_delivered CHECK (
        CASE status WHEN 'released' THEN true ELSE (delivered_at IS NOT NULL) = (status = 'delivered') END),
    CONSTRAINT paid_out_iff_released CHECK (
        (released_at IS NOT NULL) = (status = 'released')
        AND (platform_fee_cents IS NOT NULL) = (status = 'released')
        AND (transfer_cents IS NOT NULL) = (status = 'released')),
    CONSTRAINT payout_adds_up CHECK (
        status <> 'released'
        OR (platform_fee_cents >= 0 AND transfer_cents >= 0
            AND platform_fee_cents + transfer_cents = amount_cents)),
    CONSTRAINT released_stands_still CHECK (status <> 'released' OR moving IS NULL)
);

-- Who finished onboarding at the payment provider: payments' fact, kept here so that an approval and the
-- news of an onboarding wait for each other on the same row, and neither misses the other.
CREATE TABLE payees (
    account_id   uuid        PRIMARY KEY,
    onboarded_at timestamptz
);
