-- Why: who gets money has an account at the payment provider, and must have finished its onboarding before a
-- transfer.

CREATE TABLE payees (
    account_id uuid PRIMARY KEY,
    stripe_account_id text CONSTRAINT one_payee_per_stripe_account UNIQUE,
    onboarded_at timestamptz,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT onboarded_has_account CHECK (onboarded_at IS NULL OR stripe_account_id IS NOT NULL)
);
