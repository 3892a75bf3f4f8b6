-- Why: the provider sends an event at least once; its id makes it count once. What it says is not kept: it
-- only wakes us to fetch the object's present state.

CREATE TABLE stripe_events (
    id text PRIMARY KEY,
    type text NOT NULL,
    object_id text,
    received_at timestamptz NOT NULL,
    handled_at timestamptz
);
