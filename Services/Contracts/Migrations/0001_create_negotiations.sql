-- Where a client and a shortlisted worker agree on terms; every round and state change stays in the log.

CREATE TABLE negotiations (
    id                uuid        PRIMARY KEY,
    gig_id            uuid        NOT NULL,
    gig_title         text        NOT NULL,
    client_user_id    uuid        NOT NULL,
    worker_user_id    uuid        NOT NULL,
    state             text        NOT NULL
        CHECK (state IN ('pending', 'in_progress', 'pending_owner_approval', 'approved', 'expired')),
    round_number      int         NOT NULL CHECK (round_number BETWEEN 0 AND 3),
    rate_cents        bigint      CHECK (rate_cents BETWEEN 0 AND 9007199254740991),
    hours_per_week    int         CHECK (hours_per_week BETWEEN 0 AND 168),
    start_date        date,
    payout_delay_days int         CHECK (payout_delay_days BETWEEN 3 AND 10),
    -- Set by the first agreement; a later one brings the same contract up to date.
    contract_id       uuid        UNIQUE,
    -- Set when nothing more can come of it: it expired, or its contract is over.
    closed_at         timestamptz,
    version           bigint      NOT NULL CHECK (version > 0),
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT two_parties CHECK (client_user_id <> worker_user_id),
    CONSTRAINT expired_is_closed CHECK (state <> 'expired' OR closed_at IS NOT NULL),
    CONSTRAINT agreed_after_a_round CHECK (
        state NOT IN ('pending_owner_approval', 'approved') OR (round_number > 0 AND contract_id IS NOT NULL))
);

-- One live negotiation per worker and gig.
CREATE UNIQUE INDEX negotiations_one_live ON negotiations (gig_id, worker_user_id) WHERE closed_at IS NULL;
CREATE INDEX negotiations_of_client ON negotiations (client_user_id, created_at DESC, id DESC);
CREATE INDEX negotiations_of_worker ON negotiations (worker_user_id, created_at DESC, id DESC);

CREATE TABLE negotiation_audit (
    position       bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    negotiation_id uuid        NOT NULL REFERENCES negotiations,
    at             timestamptz NOT NULL,
    -- NULL: the system, at a deadline.
    actor_user_id  uuid,
    kind           text        NOT NULL CHECK (kind IN ('state_change', 'round')),
    from_state     text
        CHECK (from_state IN ('pending', 'in_progress', 'pending_owner_approval', 'approved', 'expired')),
    to_state       text        NOT NULL
        CHECK (to_state IN ('pending', 'in_progress', 'pending_owner_approval', 'approved', 'expired')),
    -- Not jsonb: members keep their order.
    payload        json        NOT NULL
);

CREATE INDEX negotiation_audit_in_order ON negotiation_audit (negotiation_id, position);
