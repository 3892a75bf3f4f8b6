-- Why: accounts of another Skillhouse come with its bcrypt hashes. The first sign-in replaces them by ours.

ALTER TABLE passwords
    DROP CONSTRAINT passwords_hash_check,
    ADD CONSTRAINT known_hash CHECK (
        hash LIKE '$scrypt$%' OR hash ~ '^[$]2[aby][$][0-9]{2}[$][./A-Za-z0-9]{53}$');

-- While there are any, each check of a password takes as long as one of theirs does.
CREATE INDEX passwords_imported ON passwords (account_id) WHERE hash LIKE '$2%';
