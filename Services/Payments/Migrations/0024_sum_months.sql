-- Why: people ask what they earned month by month, and to add it up from the entries of an account takes longer with every
-- payment. The sums move with the entries, in one transaction, so that the two cannot part.
CREATE TABLE ledger_months (
    -- What is owed to somebody: 'payable:…', 'wallet:…' or 'receivable:…'.
    account_id text NOT NULL REFERENCES ledger_accounts,
    -- The first day, in UTC.
    month date NOT NULL,
    unit text NOT NULL,
    -- What deals brought the owner as the worker, less what of it went back to clients.
    earned bigint NOT NULL,
    -- What the owner got back as the client.
    refunded bigint NOT NULL,
    -- What left for the owner's own bank, less what came back from there.
    paid_out bigint NOT NULL,
    -- How many payments of deals brought something.
    payments bigint NOT NULL,
    PRIMARY KEY (account_id, month)
);

-- What an entry is to the owner of its account: one of the three sums.
CREATE FUNCTION ledger_meaning(kind text, about uuid, account text, amount bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN kind IN ('transfer', 'transfer_reversed', 'wallet_paid', 'wallet_payment_returned') THEN 'paid_out'
        -- An import tells no more of what left a wallet.
        WHEN kind IN ('opening', 'opening_earning') AND amount < 0 THEN 'paid_out'
        WHEN EXISTS (SELECT FROM checkouts WHERE id = about AND client_id::text = split_part(account, ':', 2)) THEN 'refunded'
        ELSE 'earned'
    END
$$;

CREATE FUNCTION ledger_is_payment(kind text, meaning text, amount bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT kind IN ('release', 'division', 'opening_earning') AND meaning = 'earned' AND amount > 0
$$;

INSERT INTO ledger_months (account_id, month, unit, earned, refunded, paid_out, payments)
SELECT account_id, month, unit, coalesce(sum(amount) FILTER (WHERE meaning = 'earned'), 0),
       coalesce(sum(amount) FILTER (WHERE meaning = 'refunded'), 0),
       coalesce(-sum(amount) FILTER (WHERE meaning = 'paid_out'), 0),
       count(*) FILTER (WHERE ledger_is_payment(kind, meaning, amount))
  FROM (SELECT e.account_id, date_trunc('month', t.at AT TIME ZONE 'UTC')::date AS month, e.unit, e.amount, t.kind,
               ledger_meaning(t.kind, t.subject, e.account_id, e.amount) AS meaning
          FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE split_part(e.account_id, ':', 1) IN ('payable', 'wallet', 'receivable')) entry
 GROUP BY account_id, month, unit;

CREATE FUNCTION ledger_sum_month() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    posted ledger_transactions;
    meaning text;
BEGIN
    SELECT * INTO posted FROM ledger_transactions WHERE id = NEW.transaction_id;
    meaning := ledger_meaning(posted.kind, posted.subject, NEW.account_id, NEW.amount);
    -- The account is locked, so that postings to it come here one by one.
    INSERT INTO ledger_months AS sums (account_id, month, unit, earned, refunded, paid_out, payments)
    VALUES (
        NEW.account_id, date_trunc('month', posted.at AT TIME ZONE 'UTC')::date, NEW.unit,
        CASE meaning WHEN 'earned' THEN NEW.amount ELSE 0 END,
        CASE meaning WHEN 'refunded' THEN NEW.amount ELSE 0 END,
        CASE meaning WHEN 'paid_out' THEN -NEW.amount ELSE 0 END,
        ledger_is_payment(posted.kind, meaning, NEW.amount)::int)
    ON CONFLICT (account_id, month) DO UPDATE
       SET earned = sums.earned + excluded.earned, refunded = sums.refunded + excluded.refunded,
           paid_out = sums.paid_out + excluded.paid_out, payments = sums.payments + excluded.payments;
    RETURN NULL;
END $$;
CREATE TRIGGER sum_month AFTER INSERT ON ledger_entries FOR EACH ROW
    WHEN (split_part(NEW.account_id, ':', 1) IN ('payable', 'wallet', 'receivable'))
    EXECUTE FUNCTION ledger_sum_month();

CREATE FUNCTION ledger_guard_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- 1 is this trigger; an entry's own makes it 2.
    IF TG_OP <> 'DELETE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is changed by entries alone: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'moved_by_entries';
END $$;
CREATE TRIGGER moved_by_entries BEFORE INSERT OR UPDATE OR DELETE ON ledger_months
    FOR EACH ROW EXECUTE FUNCTION ledger_guard_month();
CREATE TRIGGER append_only BEFORE TRUNCATE ON ledger_months
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
