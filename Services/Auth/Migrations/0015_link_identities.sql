-- Why: who is signed in goes to GitHub to link it to the account. The way back counts for the session that began it alone,
-- and goes with it.
ALTER TABLE sign_ins ADD COLUMN session_id uuid REFERENCES sessions (id) ON DELETE CASCADE;
CREATE INDEX sign_ins_of_session ON sign_ins (session_id) WHERE session_id IS NOT NULL;
