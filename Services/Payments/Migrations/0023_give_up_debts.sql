-- Why: the books name the admin who asked for a release, a refund, or what was done about a case.
ALTER TABLE actions ADD COLUMN admin_id uuid;
-- Who asked last for something to be done about a case, noted before it is done.
ALTER TABLE escrow_cases ADD COLUMN resolved_by uuid;

-- Why: what a wallet's owner owes keeps the account from being deleted, so an admin can give it up.
ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'division', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction', 'stripe_fee', 'opening', 'opening_earning', 'wallet_paid',
        'wallet_payment_returned', 'debt_covered', 'written_off'));

-- A case is there as long as something is owed, and says what is left of it.
UPDATE escrow_cases c SET amount_minor = -a.balance, amount_currency = a.unit
  FROM ledger_accounts a
 WHERE c.kind = 'owed_by_wallet' AND c.closed_at IS NULL AND a.id = c.subject AND a.balance < 0;
INSERT INTO escrow_cases (id, kind, subject, account_id, amount_minor, amount_currency, believed, reported, opened_at)
SELECT gen_random_uuid(), 'owed_by_wallet', a.id, split_part(a.id, ':', 2)::uuid, -a.balance, a.unit,
       'the wallet''s owner has what contracts brought, or was paid it',
       'more went back to clients than the wallet had left', now()
  FROM ledger_accounts a
 WHERE a.id LIKE 'receivable:%:inr' AND a.balance < 0
ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING;

-- Before an account is deleted, payments are looked for of which a bank may give something back.
CREATE INDEX escrows_disputed_of_worker ON escrows (worker_id) WHERE is_frozen AND state = 'paid';
CREATE INDEX checkouts_disputed_of_client ON checkouts (client_id) WHERE is_frozen AND state = 'refunded';
CREATE INDEX checkouts_disputed_of_freelancer ON checkouts (freelancer_id)
    WHERE is_frozen AND state IN ('released', 'refunded');
