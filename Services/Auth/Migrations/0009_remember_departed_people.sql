-- Who deletes an account and signs up again gets neither another day's quota nor another welcome.

-- By what a deleted account is recognised: a keyed digest (HMAC-SHA256, in hexadecimal) of its GitHub id or its mail
-- address, which tells nobody who that was. With it, what the account had used of its plan.
CREATE TABLE departed_people (
    digest text PRIMARY KEY CHECK (length(digest) = 64),
    bucket bigint NOT NULL CHECK (bucket >= 0),
    refilled_at timestamptz NOT NULL,
    minute_started_at timestamptz NOT NULL,
    minute_used bigint NOT NULL CHECK (minute_used >= 0),
    day date NOT NULL,
    day_used bigint NOT NULL CHECK (day_used >= 0)
);

-- Whether the owner had an account before this one.
ALTER TABLE accounts ADD COLUMN is_returning boolean NOT NULL DEFAULT false;
