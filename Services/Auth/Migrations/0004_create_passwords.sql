-- Why: people sign in with e-mail and password as well, first of all the admin whom the configuration names.

ALTER TABLE accounts ADD COLUMN is_admin boolean NOT NULL DEFAULT false;

CREATE TABLE passwords (
    account_id uuid PRIMARY KEY REFERENCES accounts (id),
    -- What one signs in with, in lower case. Unlike accounts.email it is one account's alone.
    email text NOT NULL CONSTRAINT one_account_per_email UNIQUE CHECK (email <> ''),
    -- With salt and parameters: '$scrypt$ln=14,r=8,p=5$<salt>$<key>'.
    hash text NOT NULL CHECK (hash LIKE '$scrypt$%'),
    changed_at timestamptz NOT NULL
);

-- Wrong passwords within an hour, counted before they are looked at. The subject is an address, whether or not
-- somebody has it, or a session that tries again.
CREATE TABLE password_attempts (
    subject_sha256 bytea PRIMARY KEY CHECK (length(subject_sha256) = 32),
    began_at timestamptz NOT NULL,
    attempts int NOT NULL CHECK (attempts >= 0)
);

CREATE INDEX password_attempts_by_time ON password_attempts (began_at);
