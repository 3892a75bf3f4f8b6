-- Engagements: which application is being negotiated. Contracts reserves one before it opens a negotiation, so
-- that the shortlist cannot be withdrawn meanwhile; its events then keep our copy of the terms for display.
CREATE TABLE engagements (
    negotiation_id    uuid        PRIMARY KEY,
    application_id    uuid        NOT NULL REFERENCES applications ON DELETE CASCADE,
    gig_id            uuid        NOT NULL,
    -- False until negotiation.created has come; such a reservation lapses after 60 s.
    is_confirmed      boolean     NOT NULL,
    -- The negotiation, or the contract made of it, is not over.
    is_live           boolean     NOT NULL,
    reserved_at       timestamptz NOT NULL,
    state             text        NOT NULL,
    round_number      int         NOT NULL,
    rate_cents        bigint,
    hours_per_week    int,
    start_date        date,
    payout_delay_days int,
    sequence          bigint      NOT NULL
);
CREATE UNIQUE INDEX one_live_engagement ON engagements (application_id) WHERE is_live;
CREATE INDEX engagements_by_gig ON engagements (gig_id) WHERE is_live;
