-- Applications: one per freelancer and gig; they go with their gig.
CREATE TABLE applications (
    id         uuid        PRIMARY KEY,
    gig_id     uuid        NOT NULL REFERENCES gigs ON DELETE CASCADE,
    worker_id  uuid        NOT NULL,
    message    text        CHECK (char_length(message) <= 5000),
    status     text        NOT NULL CHECK (status IN ('applied', 'shortlisted', 'rejected')),
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT one_application_per_worker UNIQUE (gig_id, worker_id)
);
CREATE INDEX applications_by_gig ON applications (gig_id, created_at DESC, id DESC);
CREATE INDEX applications_by_worker ON applications (worker_id, created_at DESC, id DESC);
