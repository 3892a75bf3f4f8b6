-- Why: whoever names an address need not be who reads it. So a channel gets a one-time code first, and nothing else until
-- its owner has repeated the code. One that refuses for good is disabled.
ALTER TABLE channels
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN code_round   int NOT NULL DEFAULT 0,  -- the number of the code that was sent last; a code follows from it
    ADD COLUMN code_until   timestamptz,
    ADD COLUMN code_guesses int NOT NULL DEFAULT 0,
    ADD COLUMN disabled_at  timestamptz;
UPDATE channels SET confirmed_at = created_at;

-- How many codes an address was sent lately, whichever accounts asked.
CREATE TABLE code_sendings (
    target bytea       NOT NULL,  -- SHA-256 of the channel's type and address
    at     timestamptz NOT NULL
);
CREATE INDEX code_sendings_of_target ON code_sendings (target, at);
CREATE INDEX code_sendings_by_age ON code_sendings (at);
