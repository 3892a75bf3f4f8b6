-- Copies of what auth knows of an account, so that other services can show people without asking auth for each. NULL
-- until auth was asked: rows from before this migration are completed in the background.
ALTER TABLE profiles
    ADD COLUMN user_type text CHECK (user_type IN ('client', 'freelancer')),
    ADD COLUMN email     text,
    DROP CONSTRAINT nameless_once_deleted,
    ADD CONSTRAINT nameless_once_deleted CHECK (
        deleted_at IS NULL
        OR (bio IS NULL AND skills = '{}' AND resume_url IS NULL AND resume_file_id IS NULL
            AND portfolio_website_url IS NULL AND github_username IS NULL AND email IS NULL)
    );

CREATE INDEX profiles_incomplete ON profiles (user_id) WHERE user_type IS NULL AND deleted_at IS NULL;
