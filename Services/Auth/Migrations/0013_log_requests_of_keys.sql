-- What a key asked for lately. A key has 500 places, and a request takes the place of the one 500 before it, so that the
-- log of a busy key stays as small as every other. They refer to keys without a constraint: its locks on keys would meet
-- those of a deletion, and a key's row is never removed.

CREATE TABLE key_request_counts (
    api_key_id uuid PRIMARY KEY,
    count bigint NOT NULL
);

CREATE TABLE key_requests (
    api_key_id uuid NOT NULL,
    place int NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    status int NOT NULL,
    duration_us bigint NOT NULL,
    request_id text NOT NULL,
    PRIMARY KEY (api_key_id, place)
);

CREATE INDEX key_requests_by_time ON key_requests (at);
