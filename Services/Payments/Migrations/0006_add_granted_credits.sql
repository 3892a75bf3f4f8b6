-- Why: an admin can give an account credits.

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'arbitration', 'opening_credits', 'credits_spent',
        'credits_granted'));
