-- What the parties disagree on, the evidence of both, the advice that was given and what was decided.

CREATE TABLE disputes (
    id                        uuid        PRIMARY KEY,
    contract_id               uuid        NOT NULL REFERENCES contracts,
    milestone_id              uuid        NOT NULL REFERENCES milestones,
    opened_by                 text        NOT NULL CHECK (opened_by IN ('client', 'worker')),
    reason                    text        NOT NULL,
    status                    text        NOT NULL
        CHECK (status IN ('open', 'responded', 'under_review', 'resolved')),
    response_deadline         timestamptz NOT NULL,
    responded_at              timestamptz,
    -- The last advice; nothing follows from it.
    recommendation_outcome    text        CHECK (recommendation_outcome IN ('client', 'worker', 'split')),
    -- Not jsonb: members keep their order.
    recommendation_reasons    json,
    recommendation_confidence int         CHECK (recommendation_confidence BETWEEN 0 AND 10000),
    recommendation_source     text        CHECK (recommendation_source IN ('model', 'rubric')),
    recommended_at            timestamptz,
    -- An admin's decision, written before the money moves so that it is finished whatever happens.
    decision_outcome          text        CHECK (decision_outcome IN ('client', 'worker', 'split')),
    decision_worker_cents     bigint      CHECK (decision_worker_cents >= 0),
    decision_returned_cents   bigint      CHECK (decision_returned_cents >= 0),
    decision_fee_cents        bigint      CHECK (decision_fee_cents >= 0),
    decision_note             text,
    decided_by                uuid,
    decided_at                timestamptz,
    settled_at                timestamptz,
    version                   bigint      NOT NULL CHECK (version > 0),
    created_at                timestamptz NOT NULL,
    updated_at                timestamptz NOT NULL,
    CONSTRAINT responded_at_when_responded CHECK (
        CASE status WHEN 'resolved' THEN true ELSE (responded_at IS NOT NULL) = (status = 'responded') END),
    CONSTRAINT recommendation_is_whole CHECK (
        num_nonnulls(recommendation_outcome, recommendation_reasons, recommendation_confidence,
                     recommendation_source, recommended_at) IN (0, 5)),
    CONSTRAINT decision_is_whole CHECK (
        num_nonnulls(decision_outcome, decision_worker_cents, decision_returned_cents, decision_fee_cents,
                     decided_by, decided_at) IN (0, 6)),
    CONSTRAINT fee_is_a_losers CHECK (decision_outcome <> 'split' OR decision_fee_cents = 0),
    CONSTRAINT settled_iff_resolved CHECK ((settled_at IS NOT NULL) = (status = 'resolved')),
    CONSTRAINT resolved_as_decided CHECK (status <> 'resolved' OR decided_at IS NOT NULL)
);

-- One open dispute per milestone.
CREATE UNIQUE INDEX disputes_one_open ON disputes (milestone_id) WHERE status <> 'resolved';

CREATE TABLE dispute_evidence (
    id           uuid        PRIMARY KEY,
    dispute_id   uuid        NOT NULL REFERENCES disputes,
    -- In the order in which it was handed in, counted from 1 for each side.
    position     int         NOT NULL CHECK (position > 0),
    submitted_by text        NOT NULL CHECK (submitted_by IN ('client', 'worker')),
    type         text        NOT NULL CHECK (type IN (
        'github_commit', 'screenshot', 'video', 'deployed_url', 'contract_requirement', 'build_log', 'other')),
    url          text,
    description  text,
    created_at   timestamptz NOT NULL,
    UNIQUE (dispute_id, submitted_by, position),
    CONSTRAINT evidence_shows_something CHECK (url IS NOT NULL OR description IS NOT NULL)
);

-- A decision can move a milestone's money, and give a part of it back to the client.
ALTER TABLE milestones
    ADD COLUMN returned_cents bigint NOT NULL DEFAULT 0 CHECK (returned_cents >= 0),
    DROP CONSTRAINT milestones_moving_check,
    ADD CONSTRAINT milestones_moving_check CHECK (moving IN ('release', 'revise', 'expire', 'settle')),
    DROP CONSTRAINT payout_adds_up,
    ADD CONSTRAINT payout_adds_up CHECK (
        CASE status
            WHEN 'released' THEN platform_fee_cents >= 0 AND transfer_cents >= 0
                AND platform_fee_cents + transfer_cents + returned_cents = amount_cents
            ELSE returned_cents = 0
        END);
