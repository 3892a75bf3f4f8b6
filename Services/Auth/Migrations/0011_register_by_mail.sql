-- People register with a mail address that they prove, and sign in with Google. Admins block accounts.

ALTER TABLE accounts
    ADD COLUMN mobile text CHECK (length(mobile) BETWEEN 1 AND 30),
    -- The address that its owner has proven, by a code or through Google, in lower case. It is one account's alone;
    -- accounts.email is only how to reach somebody.
    ADD COLUMN verified_email text CONSTRAINT one_account_per_verified_email UNIQUE CHECK (verified_email <> ''),
    -- Google's id of the person, which stays when the address changes.
    ADD COLUMN google_subject text CONSTRAINT one_account_per_google_user UNIQUE CHECK (google_subject <> ''),
    DROP CONSTRAINT accounts_status_check,
    ADD CONSTRAINT known_status CHECK (status IN ('active', 'blocked', 'deleted')),
    DROP CONSTRAINT nameless_once_deleted,
    ADD CONSTRAINT nameless_once_deleted CHECK (
        status <> 'deleted'
        OR (email IS NULL AND github_id IS NULL AND mobile IS NULL AND verified_email IS NULL
            AND google_subject IS NULL));

-- For the lists of admins.
CREATE INDEX accounts_by_type ON accounts (user_type, created_at DESC, id DESC)
    WHERE NOT is_admin AND status <> 'deleted';

-- Who has registered and not entered the mailed code yet. The newest registration of an address counts.
CREATE TABLE registrations (
    email text PRIMARY KEY CHECK (email <> ''),
    name text NOT NULL CHECK (name <> ''),
    user_type text NOT NULL CHECK (user_type IN ('freelancer', 'client')),
    mobile text CHECK (length(mobile) BETWEEN 1 AND 30),
    hash text NOT NULL CHECK (hash LIKE '$scrypt$%'),
    -- HMAC-SHA256 of address and code.
    code_digest bytea NOT NULL CHECK (length(code_digest) = 32),
    code_expires_at timestamptz NOT NULL,
    -- Codes that were tried, counted before they are compared.
    guesses int NOT NULL CHECK (guesses >= 0),
    expires_at timestamptz NOT NULL
);

CREATE INDEX registrations_by_end ON registrations (expires_at);

-- Links for a new password. The row goes with its use.
CREATE TABLE password_links (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    account_id uuid NOT NULL REFERENCES accounts (id),
    expires_at timestamptz NOT NULL
);

CREATE INDEX password_links_by_account ON password_links (account_id);
CREATE INDEX password_links_by_end ON password_links (expires_at);

-- What is counted under one address: a new password by link forgets it all. Attempts are counted per address and
-- place now, so earlier counts mean nothing; they were for an hour.
DELETE FROM password_attempts;
ALTER TABLE password_attempts
    ADD COLUMN address_sha256 bytea CHECK (length(address_sha256) = 32),
    -- When the count is forgotten.
    ADD COLUMN ends_at timestamptz NOT NULL;
CREATE INDEX password_attempts_by_address ON password_attempts (address_sha256);
CREATE INDEX password_attempts_by_end ON password_attempts (ends_at);
DROP INDEX password_attempts_by_time;
