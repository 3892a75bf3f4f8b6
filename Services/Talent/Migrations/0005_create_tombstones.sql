-- What is left of deleted accounts: enough that a score is not shed by signing up again, and nothing that says whose
-- it was. A digest is a keyed hash of a GitHub id or an e-mail address.
CREATE TABLE tombstones (
    digest      text        PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    ghost_score int         NOT NULL CHECK (ghost_score BETWEEN 0 AND 100),
    deleted_at  timestamptz NOT NULL
);

-- The digests of accounts that are there: when one is deleted, nobody can be asked for them any more.
CREATE TABLE identities (
    user_id uuid NOT NULL REFERENCES profiles,
    digest  text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    PRIMARY KEY (user_id, digest)
);

-- The row of a deleted account stays, since vouches refer to it and so that it is not met anew.
ALTER TABLE profiles
    ADD COLUMN deleted_at timestamptz,
    ADD CONSTRAINT nameless_once_deleted CHECK (
        deleted_at IS NULL
        OR (bio IS NULL AND skills = '{}' AND resume_url IS NULL AND resume_file_id IS NULL
            AND portfolio_website_url IS NULL AND github_username IS NULL)
    );
