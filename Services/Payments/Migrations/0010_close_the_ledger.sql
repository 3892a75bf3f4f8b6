-- Why: the books are kept so that nobody can change them, the service included. Postings are made by one function, which
-- belongs to the role that owns the tables; the service's own role may read the ledger and call it, no more. Each entry
-- tells what its account held afterwards, and each transaction what caused it.

-- The kinds of accounts. A kind is what stands before the first colon of an account's id.
CREATE TABLE ledger_chart (
    kind text PRIMARY KEY,
    -- Below which a balance never falls; NULL for what may be owed.
    floor bigint,
    -- Accounts are locked in this order, then by their ids, so that postings never deadlock.
    lock_order int NOT NULL CONSTRAINT locked_in_one_order UNIQUE,
    meaning text NOT NULL
);
INSERT INTO ledger_chart (kind, floor, lock_order, meaning) VALUES
    ('provider', NULL, 1, 'our money at Stripe: negative by what is there'),
    ('stripe_fees', NULL, 2, 'what Stripe kept for itself: negative'),
    ('loss', NULL, 3, 'what the platform lost: negative'),
    ('escrow', 0, 4, 'a milestone''s captured money'),
    ('refunding', 0, 5, 'money on its way back to a client'),
    ('owed', NULL, 6, 'arbitration fees that an account has not paid: negative'),
    ('receivable', NULL, 7, 'money that an account got and must give back: negative'),
    ('payable', 0, 8, 'what a worker earned and was not sent yet'),
    ('wallet', 0, 9, 'what an account may withdraw'),
    ('accrued', 0, 10, 'fees that are owed to the platform and not paid'),
    ('revenue', 0, 11, 'fees that were paid to the platform'),
    ('credits', 0, 12, 'credits, which are not money');

ALTER TABLE ledger_transactions DISABLE TRIGGER append_only;
ALTER TABLE ledger_entries DISABLE TRIGGER append_only;

-- The action at Stripe that was posted, and the request that caused it; NULL where there was none, and before this.
ALTER TABLE ledger_transactions ADD COLUMN action text;
ALTER TABLE ledger_transactions ADD COLUMN request_id text;
-- How many entries it has, so that none can be added later.
ALTER TABLE ledger_transactions ADD COLUMN lines int;
UPDATE ledger_transactions t SET lines = (SELECT count(*) FROM ledger_entries e WHERE e.transaction_id = t.id);
ALTER TABLE ledger_transactions ALTER COLUMN lines SET NOT NULL;

-- Entries of one account in the order in which they moved its balance.
ALTER TABLE ledger_entries ADD COLUMN position bigint;
ALTER TABLE ledger_entries ADD COLUMN balance_after bigint;
WITH ordered AS (
    SELECT e.transaction_id, e.account_id, row_number() OVER (ORDER BY t.at, t.id, e.account_id) AS position,
           sum(e.amount) OVER (PARTITION BY e.account_id ORDER BY t.at, t.id) AS balance_after
      FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
)
UPDATE ledger_entries e SET position = o.position, balance_after = o.balance_after
  FROM ordered o WHERE o.transaction_id = e.transaction_id AND o.account_id = e.account_id;
CREATE SEQUENCE ledger_positions OWNED BY ledger_entries.position;
SELECT setval('ledger_positions', (SELECT coalesce(max(position), 0) + 1 FROM ledger_entries), false);
ALTER TABLE ledger_entries ALTER COLUMN position SET DEFAULT nextval('ledger_positions');
ALTER TABLE ledger_entries ALTER COLUMN position SET NOT NULL;
ALTER TABLE ledger_entries ALTER COLUMN balance_after SET NOT NULL;
DROP INDEX ledger_entries_by_account;
CREATE UNIQUE INDEX ledger_entries_by_account ON ledger_entries (account_id, position);

ALTER TABLE ledger_transactions ENABLE TRIGGER append_only;
ALTER TABLE ledger_entries ENABLE TRIGGER append_only;

-- The balance moves before the entry is written, so that the entry can tell it.
DROP TRIGGER move_balance ON ledger_entries;
CREATE OR REPLACE FUNCTION ledger_move_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_accounts SET balance = balance + NEW.amount
     WHERE id = NEW.account_id AND unit = NEW.unit RETURNING balance INTO NEW.balance_after;
    -- Without such an account the entry's foreign key refuses it.
    NEW.balance_after := coalesce(NEW.balance_after, 0);
    RETURN NEW;
END $$;
CREATE TRIGGER move_balance BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_move_balance();

-- A balance begins at nothing and moves with an entry alone.
CREATE FUNCTION ledger_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.balance = 0 THEN
        RETURN NEW;
    END IF;
    -- 1 is this trigger; an entry's own makes it 2.
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1
        AND (NEW.id, NEW.unit, NEW.floor) IS NOT DISTINCT FROM (OLD.id, OLD.unit, OLD.floor) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is changed by entries alone: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'moved_by_entries';
END $$;
CREATE TRIGGER moved_by_entries BEFORE INSERT OR UPDATE OR DELETE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_guard_account();
CREATE TRIGGER append_only BEFORE TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Checked at commit: a transaction has its entries, all of them and no more, and they balance.
CREATE OR REPLACE FUNCTION ledger_check_balance() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    posted uuid;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entries' THEN
        posted := NEW.transaction_id;
    ELSE
        posted := NEW.id;
    END IF;
    IF (SELECT count(*) FROM ledger_entries WHERE transaction_id = posted)
            IS DISTINCT FROM (SELECT lines FROM ledger_transactions WHERE id = posted AND lines > 1)
        OR EXISTS (
            SELECT FROM ledger_entries WHERE transaction_id = posted GROUP BY unit HAVING sum(amount) <> 0)
    THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', posted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entries_balance';
    END IF;
    RETURN NULL;
END $$;

-- Opens an account if need be, and locks it. Its floor is that of its kind.
CREATE FUNCTION ledger_open(account text, counts_in text) RETURNS void
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
    ON CONFLICT (id) DO NOTHING;
    PERFORM FROM ledger_accounts WHERE id = account FOR NO KEY UPDATE;
END $$;

-- What an account holds, kept so until the transaction ends; NULL when there is no such account.
CREATE FUNCTION ledger_lock(account text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT balance FROM ledger_accounts WHERE id = account FOR NO KEY UPDATE
$$;

-- Posts one transaction with all its entries. False when its key was posted before.
CREATE FUNCTION ledger_post(
    transaction_id uuid, posting_key text, posting_kind text, about uuid, at_time timestamptz, for_action text,
    for_request text, accounts text[], units text[], amounts bigint[]
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    line record;
BEGIN
    INSERT INTO ledger_transactions (id, key, kind, subject, at, action, request_id, lines)
    VALUES (transaction_id, posting_key, posting_kind, about, at_time, for_action, for_request, cardinality(accounts))
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

REVOKE ALL ON FUNCTION ledger_open, ledger_lock, ledger_post FROM PUBLIC;

-- What the service's own role may do, where another role owns the tables. Run by the owner after each migration.
CREATE FUNCTION grant_to_service(service name) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    closed name;
BEGIN
    -- The lock of the migrations: replicas that start together take turns.
    PERFORM pg_advisory_xact_lock(7455545900093497708);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', service);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', service);
    FOR closed IN
        SELECT tablename FROM pg_tables
         WHERE schemaname = 'public' AND (tablename LIKE 'ledger\_%' OR tablename = 'schema_migrations')
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %I FROM %I', closed, service);
        EXECUTE format('GRANT SELECT ON TABLE %I TO %I', closed, service);
    END LOOP;
    EXECUTE format('REVOKE ALL ON SEQUENCE ledger_positions FROM %I', service);
    EXECUTE format('GRANT EXECUTE ON FUNCTION ledger_open, ledger_lock, ledger_post TO %I', service);
END $$;
REVOKE ALL ON FUNCTION grant_to_service FROM PUBLIC;

ALTER TABLE ledger_transactions DROP CONSTRAINT known_kind;
ALTER TABLE ledger_transactions ADD CONSTRAINT known_kind
    CHECK (kind IN (
        'capture', 'release', 'transfer', 'refund', 'arbitration', 'arbitration_paid', 'opening_credits',
        'credits_spent', 'credits_granted', 'correction'));

-- An arbitration fee that is only owed is not revenue: what was booked so before moves to where it belongs. What is
-- posted here has an id of its own, because the fee's is taken.
DO $$
DECLARE
    fee record;
BEGIN
    FOR fee IN
        SELECT f.dispute_id, f.amount_minor, f.amount_currency, f.updated_at FROM arbitration_fees f
          JOIN ledger_transactions t ON t.key = 'dispute:' || f.dispute_id || ':fee'
         WHERE f.state <> 'collected'
    LOOP
        PERFORM ledger_post(
            gen_random_uuid(), 'dispute:' || fee.dispute_id || ':accrued', 'correction', fee.dispute_id,
            fee.updated_at, NULL, NULL,
            ARRAY['revenue:' || fee.amount_currency, 'accrued:' || fee.amount_currency],
            ARRAY[fee.amount_currency, fee.amount_currency], ARRAY[-fee.amount_minor, fee.amount_minor]);
    END LOOP;
END $$;

-- The request that an action was begun for, so that what is posted when it is resumed names it too.
ALTER TABLE actions ADD COLUMN request_id text;
