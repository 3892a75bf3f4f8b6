-- Why: money that was captured before its hold lapsed can go back to the client. A milestone may then be paid anew,
-- so that postings are told apart by their payment, and a refund tells what it gives back.

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN ('capture', 'release', 'transfer', 'refund', 'arbitration', 'opening_credits', 'credits_spent'));

-- In minor units. Part of the money can go back while the rest is the worker's, as a dispute was decided.
ALTER TABLE escrows ADD COLUMN returned_minor bigint NOT NULL DEFAULT 0;
ALTER TABLE escrows DROP CONSTRAINT fee_below_amount;
ALTER TABLE escrows ADD CONSTRAINT returned_is_part CHECK (returned_minor >= 0 AND returned_minor < amount_minor);
ALTER TABLE escrows ADD CONSTRAINT fee_below_rest
    CHECK (fee_minor >= 0 AND fee_minor < amount_minor - returned_minor);

-- What a refund gives back; the other actions move all there is.
ALTER TABLE actions ADD COLUMN amount_minor bigint;
ALTER TABLE actions ADD CONSTRAINT amount_of_refunds CHECK ((amount_minor > 0) = (kind = 'refund'));

ALTER TABLE actions DROP CONSTRAINT known_kind;
ALTER TABLE actions ADD CONSTRAINT known_kind
    CHECK (kind IN ('authorize', 'capture', 'release', 'cancel', 'refund', 'transfer'));
