-- Why: the operator pays wallets out from the platform's own bank. Stripe has no part in it, so the money's way out of the books
-- is an account of its own.
INSERT INTO ledger_chart (kind, floor, lock_order, meaning) VALUES
    ('paid_out', 0, 14, 'what wallets were paid from the platform''s own bank');

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'division', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction', 'stripe_fee', 'opening', 'opening_earning', 'wallet_paid',
        'wallet_payment_returned'));
