-- Why: every cent and every credit is accounted for twice, and the database itself refuses a posting that
-- does not balance, an account below its floor, and any change of what was posted.

CREATE TABLE ledger_accounts (
    -- What it is, then whose: 'escrow:<milestone>', 'payable:<account>', 'provider:usd'.
    id text PRIMARY KEY,
    unit text NOT NULL,
    balance bigint NOT NULL DEFAULT 0,
    -- Below which the balance never falls; NULL for what stands for the world outside, which pays money in.
    floor bigint,
    CONSTRAINT one_unit_per_account UNIQUE (id, unit),
    CONSTRAINT known_unit CHECK (unit IN ('usd', 'inr', 'credit')),
    CONSTRAINT no_overdraft CHECK (floor IS NULL OR balance >= floor)
);

CREATE TABLE ledger_transactions (
    id uuid PRIMARY KEY,
    -- What is posted once, however often it is asked for: 'milestone:<id>:release'.
    key text NOT NULL CONSTRAINT posted_once UNIQUE,
    kind text NOT NULL,
    -- The milestone or the account it is about.
    subject uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT known_kind CHECK (kind IN ('capture', 'release', 'transfer', 'opening_credits'))
);
CREATE INDEX ledger_transactions_by_subject ON ledger_transactions (subject, at, id);

CREATE TABLE ledger_entries (
    transaction_id uuid NOT NULL REFERENCES ledger_transactions,
    account_id text NOT NULL,
    unit text NOT NULL,
    -- Positive: the account gains.
    amount bigint NOT NULL,
    PRIMARY KEY (transaction_id, account_id),
    CONSTRAINT in_the_unit_of_its_account FOREIGN KEY (account_id, unit) REFERENCES ledger_accounts (id, unit),
    CONSTRAINT moves_something CHECK (amount <> 0)
);
CREATE INDEX ledger_entries_by_account ON ledger_entries (account_id);

-- The balance moves with the entry, so that the two cannot part.
CREATE FUNCTION ledger_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_accounts SET balance = balance + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER move_balance AFTER INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_move_balance();

-- Checked at commit, when all entries of a transaction are there.
CREATE FUNCTION ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    posted uuid;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entries' THEN
        posted := NEW.transaction_id;
    ELSE
        posted := NEW.id;
    END IF;
    IF NOT EXISTS (SELECT FROM ledger_entries WHERE transaction_id = posted)
        OR EXISTS (
            SELECT FROM ledger_entries WHERE transaction_id = posted GROUP BY unit HAVING sum(amount) <> 0)
    THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', posted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_balance';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entries_balance AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();
CREATE CONSTRAINT TRIGGER entries_balance AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_balance();

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
