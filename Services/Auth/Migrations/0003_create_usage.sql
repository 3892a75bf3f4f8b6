-- What an account has used of its plan: one row each, changed by one statement per grant, so that the limits
-- hold however many replicas ask at once.

CREATE TABLE usage (
    account_id uuid PRIMARY KEY REFERENCES accounts (id),
    -- The token bucket in millionths of a request, as of refilled_at.
    bucket bigint NOT NULL CHECK (bucket >= 0),
    refilled_at timestamptz NOT NULL,
    -- The 60-second window that the headers speak of.
    minute_started_at timestamptz NOT NULL,
    minute_used bigint NOT NULL CHECK (minute_used >= 0),
    -- A calendar day in UTC.
    day date NOT NULL,
    day_used bigint NOT NULL CHECK (day_used >= 0)
);
