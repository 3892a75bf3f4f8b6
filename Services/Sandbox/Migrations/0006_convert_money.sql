-- Why: a Stripe account with one currency converts what it gets in another, and its books are then in the first alone.
ALTER TABLE stripe_settings
    ADD COLUMN inr_in_usd_millionths bigint NOT NULL DEFAULT 0 CHECK (inr_in_usd_millionths >= 0);
