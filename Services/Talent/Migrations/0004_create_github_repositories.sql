-- What GitHub last said of somebody's repositories: GitHub lets few be asked for without a token, and is away at times.
CREATE TABLE github_repositories (
    -- In lower case, as GitHub's names are the same in any.
    username     text        PRIMARY KEY CHECK (username = lower(username)),
    repositories jsonb       NOT NULL,
    fetched_at   timestamptz NOT NULL
);
