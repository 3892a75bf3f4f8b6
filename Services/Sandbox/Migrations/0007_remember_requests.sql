-- Why: whether our requests are Stripe's is judged by Stripe's own library, after the tests have made them all.
CREATE TABLE stripe_requests (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    method text NOT NULL,
    -- As Stripe writes it, with its ids.
    path text NOT NULL,
    -- The query, or the form in the body, as it came.
    parameters text NOT NULL,
    -- Headers; NULL when the request had none of them. A key is never kept.
    stripe_version text,
    stripe_account text,
    idempotency_key text,
    media_type text,
    status int NOT NULL
);
