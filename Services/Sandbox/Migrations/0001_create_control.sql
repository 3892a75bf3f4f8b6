-- Why: what the people who drive the sandbox have told it - how far its clock is ahead, and which calls are to fail - outlives a restart.

CREATE TABLE sandbox_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- Ahead of the system's time, in seconds. Never falls: what was written later must not lie in the future.
    offset_seconds bigint NOT NULL DEFAULT 0 CHECK (offset_seconds >= 0)
);
INSERT INTO sandbox_clock DEFAULT VALUES;

CREATE TABLE faults (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target text NOT NULL CHECK (target IN ('stripe', 'telegram', 'slack', 'discord', 'resend', 'llm')),
    -- A part of the request's path; NULL fits every path.
    path text,
    mode text NOT NULL CHECK (mode IN ('error', 'timeout', 'timeout_after_success', 'rate_limit', 'decline')),
    -- Calls that are still to fail.
    remaining bigint NOT NULL CHECK (remaining >= 0)
);
CREATE INDEX faults_by_target ON faults (target, id) WHERE remaining > 0;
