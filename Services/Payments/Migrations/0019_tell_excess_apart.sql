-- Why: more can leave than a payment brought, when somebody refunds what a bank takes back as well. What left beyond the deal's
-- money is told apart from it: when something comes back, the excess is covered first, so that neither the deal nor the
-- platform's loss has the same money twice.

ALTER TABLE withdrawals
    -- The part of the amount that was not the deal's: it is a loss, or was money in escrow that no deal claims.
    ADD COLUMN excess_minor bigint NOT NULL DEFAULT 0,
    -- How often a part of the excess was covered since. Each time has its own posting.
    ADD COLUMN rebookings bigint NOT NULL DEFAULT 0,
    -- What the platform and the parties have less of a divided payment by it, whatever their wallets could give; NULL for
    -- what was taken from escrow, and for what was booked before this.
    ADD COLUMN fee_minor bigint,
    ADD COLUMN client_minor bigint,
    ADD COLUMN freelancer_minor bigint;

-- Of milestones, losses say what was too much. Those of checkouts may be what a wallet did not have.
UPDATE withdrawals w SET excess_minor = -e.amount
  FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
 WHERE w.milestone_id IS NOT NULL AND w.state <> 'undone' AND t.key = w.posting AND e.account_id = 'loss:' || w.amount_currency
   AND w.posting NOT LIKE 'case:%';

ALTER TABLE withdrawals
    ADD CONSTRAINT excess_is_part CHECK (excess_minor BETWEEN 0 AND amount_minor),
    ADD CONSTRAINT parts_together CHECK (
        (fee_minor IS NULL) = (client_minor IS NULL) AND (fee_minor IS NULL) = (freelancer_minor IS NULL));
