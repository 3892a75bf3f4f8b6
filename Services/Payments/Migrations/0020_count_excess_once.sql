-- Why: what was booked before the excess was told apart (0019) counted it in what was returned, too. A refund that fails would give
-- the deal back only the part that was the deal's, and the rest would be nobody's.

-- A dispute that is not decided was not counted.
UPDATE escrows e SET returned_minor = e.returned_minor - old.excess
  FROM (SELECT w.payment_intent_id, sum(w.excess_minor)::bigint AS excess
          FROM withdrawals w
          JOIN schema_migrations m ON m.series = 'service' AND m.name = '0019_tell_excess_apart.sql'
         WHERE w.created_at < m.applied_at AND w.milestone_id IS NOT NULL
           AND (w.kind = 'refund' AND w.state <> 'undone' OR w.state = 'final')
         GROUP BY w.payment_intent_id) old
 WHERE e.state = 'escrowed' AND e.payment_intent_id = old.payment_intent_id AND e.returned_minor >= old.excess;

-- Before a payment of Skillhouse is divided, no wallet has any of it: its losses are excess, too.
UPDATE withdrawals w SET excess_minor = -e.amount
  FROM schema_migrations m, checkouts c, ledger_transactions t, ledger_entries e
 WHERE m.series = 'service' AND m.name = '0019_tell_excess_apart.sql' AND w.created_at < m.applied_at
   AND w.state <> 'undone' AND w.rebookings = 0 AND w.posting NOT LIKE 'case:%'
   AND c.id = w.checkout_id AND c.divided_at IS NULL AND t.key = w.posting AND e.transaction_id = t.id
   AND e.account_id = 'loss:' || w.amount_currency;

UPDATE checkouts c SET returned_minor = least(c.returned_minor, known.of_deal)
  FROM (SELECT checkout_id, max(excess_minor) AS excess,
               coalesce(sum(amount_minor - excess_minor) FILTER (WHERE kind = 'refund' OR state = 'final'), 0)::bigint
                   AS of_deal
          FROM withdrawals
         WHERE checkout_id IS NOT NULL AND state <> 'undone' AND posting NOT LIKE 'case:%'
         GROUP BY checkout_id) known
 WHERE c.id = known.checkout_id AND c.divided_at IS NULL AND known.excess > 0;

-- A milestone that nobody has paid for can be paid for. Those whose payment a bank took for good stayed frozen.
UPDATE escrows SET is_frozen = false WHERE state = 'unfunded' AND is_frozen;
