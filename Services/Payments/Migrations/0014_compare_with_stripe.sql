-- Why: our books and Stripe's must say the same. What is at Stripe is added up as it comes, so that a comparison is cheap.

CREATE TABLE reconciliations (
    currency text PRIMARY KEY,
    -- The newest balance transaction that was read, and the sum of all up to it.
    newest text,
    total bigint NOT NULL,
    -- What Stripe has more than our books say.
    drift bigint NOT NULL,
    -- It was the same at two looks, with nothing on its way that explains it.
    is_confirmed boolean NOT NULL,
    compared_at timestamptz NOT NULL,
    CONSTRAINT confirmed_is_a_drift CHECK (NOT is_confirmed OR drift <> 0)
);

-- Events that were not followed up yet are looked for at every comparison.
CREATE INDEX stripe_events_unhandled ON stripe_events (received_at) WHERE handled_at IS NULL;
