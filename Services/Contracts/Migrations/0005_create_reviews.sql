-- What the parties of a completed contract say of each other. Neither is shown before both have written, or
-- before 14 days have passed, so that nobody answers the other's rating with their own.

CREATE TABLE reviews (
    id               uuid        PRIMARY KEY,
    contract_id      uuid        NOT NULL REFERENCES contracts,
    gig_title        text        NOT NULL,
    reviewer_role    text        NOT NULL CHECK (reviewer_role IN ('client', 'worker')),
    reviewer_user_id uuid        NOT NULL,
    reviewed_user_id uuid        NOT NULL,
    rating           int         NOT NULL CHECK (rating BETWEEN 1 AND 5),
    review_text      text        CHECK (char_length(review_text) <= 5000),
    status           text        NOT NULL CHECK (status IN ('pending', 'published', 'hidden')),
    published_at     timestamptz,
    hidden_at        timestamptz,
    -- The admin.
    hidden_by        uuid,
    version          bigint      NOT NULL CHECK (version > 0),
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CONSTRAINT reviews_one_per_party UNIQUE (contract_id, reviewer_role),
    CONSTRAINT nobody_reviews_themselves CHECK (reviewer_user_id <> reviewed_user_id),
    CONSTRAINT published_at_when_published CHECK (
        CASE status WHEN 'hidden' THEN true ELSE (published_at IS NOT NULL) = (status = 'published') END),
    CONSTRAINT hidden_by_an_admin CHECK (
        (hidden_at IS NOT NULL) = (status = 'hidden') AND (hidden_by IS NOT NULL) = (status = 'hidden'))
);

CREATE INDEX reviews_of_account ON reviews (reviewed_user_id, published_at DESC, id DESC)
    WHERE status = 'published';

-- Under the contract's own lock, as its approvals are.
ALTER TABLE contracts
    ADD COLUMN client_reviewed_at timestamptz,
    ADD COLUMN worker_reviewed_at timestamptz,
    ADD CONSTRAINT reviewed_when_completed CHECK (
        status = 'completed' OR (client_reviewed_at IS NULL AND worker_reviewed_at IS NULL));
