-- Gigs: what clients post and freelancers find. Lists run newest first over (created_at, id).
CREATE TABLE gigs (
    id          uuid        PRIMARY KEY,
    owner_id    uuid        NOT NULL,
    title       text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    description text,
    scope       text,
    rate_cents  bigint      CHECK (rate_cents >= 0),
    status      text        NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    version     bigint      NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
-- Everybody's active gigs, and one's own drafts and closed ones.
CREATE INDEX gigs_active ON gigs (created_at DESC, id DESC) WHERE status = 'active';
CREATE INDEX gigs_by_owner ON gigs (owner_id, status, created_at DESC, id DESC);
