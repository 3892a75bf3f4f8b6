-- Why: who takes GitHub or Google away from an account wants it to stay away. An equal mail address links it no more; only
-- the signed-in owner does.
ALTER TABLE accounts
    ADD COLUMN keeps_github_out boolean NOT NULL DEFAULT false,
    ADD COLUMN keeps_google_out boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT linked_is_not_kept_out
        CHECK (NOT (keeps_github_out AND github_id IS NOT NULL) AND NOT (keeps_google_out AND google_subject IS NOT NULL));
