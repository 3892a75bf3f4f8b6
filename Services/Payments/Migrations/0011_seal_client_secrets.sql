-- Why: with a payment's secret its holder can confirm the payment, so a copy of the database must not show it. Secrets
-- that were stored openly are dropped; where one is still needed, Stripe tells it again.

ALTER TABLE escrows DROP CONSTRAINT secret_while_authorizing;
ALTER TABLE escrows DROP COLUMN client_secret;
-- Sealed for its milestone; forgotten once the payment is held.
ALTER TABLE escrows ADD COLUMN client_secret bytea;
ALTER TABLE escrows ADD CONSTRAINT secret_while_authorizing CHECK (client_secret IS NULL OR state = 'authorizing');
