-- Why: what Stripe keeps for itself is posted, too, so that the ledger says to the cent what is there.

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'division', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction', 'stripe_fee'));

-- All is read once more from the beginning: the fees of what was added up before are not posted yet.
DELETE FROM reconciliations;
