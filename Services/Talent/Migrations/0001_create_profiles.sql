-- Profiles: how an account shows itself. One per account, made when the account is first met.
CREATE TABLE profiles (
    user_id               uuid        PRIMARY KEY,
    display_name          text        NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 100),
    bio                   text        CHECK (char_length(bio) <= 5000),
    skills                text[]      NOT NULL DEFAULT '{}',
    -- 0 to 100; a new account starts in the middle.
    ghost_score           int         NOT NULL DEFAULT 50 CHECK (ghost_score BETWEEN 0 AND 100),
    resume_url            text,
    portfolio_website_url text,
    github_username       text,
    version               bigint      NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL
);
