-- Free text of profiles and gigs, without what says whose it is, and its vector once the provider has given one. Only filled
-- while EMBEDDING_BASE_URL is set. Gone with the account or the gig.
CREATE TABLE match_texts (
    -- The account, or the gig.
    subject  uuid        PRIMARY KEY,
    owner_id uuid        NOT NULL,
    text     text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 2000),
    -- A byte for each dimension.
    vector   bytea       CHECK (octet_length(vector) BETWEEN 1 AND 4096),
    -- The model that gave it.
    model    text        CHECK (char_length(model) BETWEEN 1 AND 200),
    -- When to ask the provider; NULL when there is nothing to ask.
    next_at  timestamptz,
    -- How often it has failed.
    tries    int         NOT NULL DEFAULT 0 CHECK (tries >= 0),
    CONSTRAINT model_iff_vector CHECK ((model IS NULL) = (vector IS NULL))
);
CREATE INDEX match_texts_of_owner ON match_texts (owner_id);
CREATE INDEX match_texts_due ON match_texts (next_at) WHERE next_at IS NOT NULL;
