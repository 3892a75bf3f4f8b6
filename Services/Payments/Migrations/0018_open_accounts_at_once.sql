-- Why: two postings that open the same account at the same moment each passed the check of its primary key, and one of them
-- then failed at `one_unit_per_account`. Whichever of the two constraints is met, the account exists.
CREATE OR REPLACE FUNCTION ledger_open(account text, counts_in text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    known ledger_chart;
BEGIN
    SELECT * INTO known FROM ledger_chart WHERE kind = split_part(account, ':', 1);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no kind of account: %', account
            USING ERRCODE = 'check_violation', CONSTRAINT = 'known_account';
    END IF;
    INSERT INTO ledger_accounts (id, unit, floor)
    -- Credits come from somewhere.
    VALUES (account, counts_in, CASE WHEN account = 'credits:issued' THEN NULL ELSE known.floor END)
    ON CONFLICT DO NOTHING;
    PERFORM FROM ledger_accounts WHERE id = account FOR NO KEY UPDATE;
END $$;
