-- How much of an account's changes a profile has taken over: older news changes nothing.
ALTER TABLE profiles ADD COLUMN account_version bigint NOT NULL DEFAULT 0;
