-- Why: the money of another Skillhouse comes into the books by opening postings. They are balanced by an account of their own:
-- what the platform owes for that money is negative there, until it is at the Stripe account that the books are compared with.
INSERT INTO ledger_chart (kind, floor, lock_order, meaning) VALUES
    ('opening', NULL, 13, 'what an import brought and is not at our Stripe account: negative');

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'division', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction', 'stripe_fee', 'opening', 'opening_earning'));
