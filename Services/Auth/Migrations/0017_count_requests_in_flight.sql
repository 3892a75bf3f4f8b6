-- The requests of limited plans that are in flight, over all services and replicas: a row each. An account's row in usage
-- counts its own, so that a request is let in, and takes its place, by one statement under that row's lock.

CREATE TABLE places (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    replica_id uuid NOT NULL,
    taken_at timestamptz NOT NULL
);

CREATE INDEX places_by_time ON places (taken_at);

-- The processes that have places. Without a lease, a place counts only while it is new.
CREATE TABLE replicas (
    id uuid PRIMARY KEY,
    lease_until timestamptz NOT NULL
);

ALTER TABLE usage ADD COLUMN places_taken int NOT NULL DEFAULT 0 CHECK (places_taken >= 0);
