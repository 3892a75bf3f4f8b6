-- Why: browsers are sent to Google as well as to GitHub. A state counts on the way back from the provider that it was made
-- for, and says what somebody without an account becomes.
ALTER TABLE sign_ins
    ADD COLUMN provider text NOT NULL DEFAULT 'github' CHECK (provider IN ('github', 'google')),
    ADD COLUMN user_type text NOT NULL DEFAULT 'client' CHECK (user_type IN ('freelancer', 'client'));
