-- Why: what a wallet could not give when a client's bank took a payment back was a loss of the platform, whose wallet it had been in.
-- When more came to the same wallet, or its payout came back, the loss stayed. It is a receivable of the wallet's owner now, and
-- what comes to the owner covers it first.
ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'refund_arrived', 'refund_failed', 'dispute', 'dispute_won',
        'transfer_reversed', 'division', 'arbitration', 'arbitration_paid', 'opening_credits', 'credits_spent',
        'credits_granted', 'correction', 'stripe_fee', 'opening', 'opening_earning', 'wallet_paid',
        'wallet_payment_returned', 'debt_covered'));

-- Why: the books name who noted what was done outside of them.
ALTER TABLE ledger_transactions ADD COLUMN admin_id uuid;

-- Its last parameter is new. Replicas of the version before do without.
DROP FUNCTION ledger_post(uuid, text, text, uuid, timestamptz, text, text, text[], text[], bigint[]);
CREATE FUNCTION ledger_post(
    transaction_id uuid, posting_key text, posting_kind text, about uuid, at_time timestamptz, for_action text,
    for_request text, accounts text[], units text[], amounts bigint[], by_admin uuid DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line record;
BEGIN
    INSERT INTO ledger_transactions (id, key, kind, subject, at, action, request_id, admin_id, lines)
    VALUES (
        transaction_id, posting_key, posting_kind, about, at_time, for_action, for_request, by_admin,
        cardinality(accounts))
    ON CONFLICT (key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- All are locked before the first moves.
    FOR line IN
        SELECT e.account, e.counts_in
          FROM unnest(accounts, units) AS e (account, counts_in)
          LEFT JOIN ledger_chart c ON c.kind = split_part(e.account, ':', 1)
         ORDER BY c.lock_order, e.account COLLATE "C"
    LOOP
        PERFORM ledger_open(line.account, line.counts_in);
    END LOOP;
    INSERT INTO ledger_entries (transaction_id, account_id, unit, amount)
    SELECT ledger_post.transaction_id, e.account, e.counts_in, e.amount
      FROM unnest(accounts, units, amounts) AS e (account, counts_in, amount);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION ledger_post FROM PUBLIC;

-- What was booked before: of each refund and dispute that stands, what its parties' wallets could not give. The posting is one of
-- the withdrawal's, so that it is undone with it.
DO $$
DECLARE
    known record;
    posted text[];
    lost bigint;
    client bigint;
    freelancer bigint;
BEGIN
    FOR known IN
        SELECT w.id, w.posting, w.rebookings, w.amount_currency AS unit, w.client_minor, w.freelancer_minor, c.id AS checkout,
               c.contract_id, c.client_id, c.freelancer_id,
               'wallet:' || c.client_id || ':' || w.amount_currency AS client_wallet,
               'wallet:' || c.freelancer_id || ':' || w.amount_currency AS freelancer_wallet,
               'receivable:' || c.client_id || ':' || w.amount_currency AS client_owes,
               'receivable:' || c.freelancer_id || ':' || w.amount_currency AS freelancer_owes
          FROM withdrawals w JOIN checkouts c ON c.id = w.checkout_id
         WHERE w.state <> 'undone' AND w.fee_minor IS NOT NULL
         ORDER BY w.created_at, w.id
    LOOP
        posted := ARRAY[known.posting] || ARRAY(
            SELECT known.posting || ':rebooked:' || n FROM generate_series(1, known.rebookings) AS n);
        SELECT coalesce(-sum(e.amount) FILTER (WHERE e.account_id = 'loss:' || known.unit), 0),
               known.client_minor + coalesce(sum(e.amount) FILTER (WHERE e.account_id = known.client_wallet), 0),
               known.freelancer_minor + coalesce(sum(e.amount) FILTER (WHERE e.account_id = known.freelancer_wallet), 0)
          INTO lost, client, freelancer
          FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
         WHERE t.key = ANY(posted);
        client := greatest(0, least(client, lost));
        freelancer := greatest(0, least(freelancer, lost - client));
        CONTINUE WHEN client + freelancer = 0;
        PERFORM ledger_post(
            gen_random_uuid(), known.posting || ':rebooked:' || known.rebookings + 1, 'correction', known.checkout, now(),
            NULL, NULL, array_agg(line.account ORDER BY line.account), array_agg(known.unit),
            array_agg(line.amount ORDER BY line.account))
           FROM (VALUES ('loss:' || known.unit, client + freelancer), (known.client_owes, -client),
                        (known.freelancer_owes, -freelancer)) AS line (account, amount)
          WHERE line.amount <> 0;
        UPDATE withdrawals SET rebookings = rebookings + 1 WHERE id = known.id;
        UPDATE escrow_cases SET closed_at = now(), note = 'The owner of the wallet owes it.'
         WHERE kind = 'too_much_withdrawn' AND subject = known.id AND closed_at IS NULL AND lost = client + freelancer;
        INSERT INTO escrow_cases (id, kind, subject, checkout_id, contract_id, account_id, amount_minor, amount_currency,
                                  believed, reported, opened_at)
        SELECT gen_random_uuid(), 'owed_by_wallet', line.account, known.checkout, known.contract_id, line.owner, line.amount,
               known.unit, 'the wallet''s owner has what contracts brought, or was paid it',
               'more went back to clients than the wallet had left', now()
          FROM (VALUES (known.client_owes, known.client_id, client), (known.freelancer_owes, known.freelancer_id, freelancer))
               AS line (account, owner, amount)
         WHERE line.amount > 0
        ON CONFLICT (kind, subject) WHERE closed_at IS NULL
        DO UPDATE SET amount_minor = escrow_cases.amount_minor + excluded.amount_minor;
    END LOOP;
END $$;
