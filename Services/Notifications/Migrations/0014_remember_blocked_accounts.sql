-- Why: who is blocked is named to nobody, in no message about anything. Those that were blocked before this are not known here.
CREATE TABLE blocked_accounts (account_id uuid PRIMARY KEY);
