-- Files that storage holds, or may hold: a row is there before its file comes and stays until it is gone, so that no
-- file is forgotten in storage and none is missed by a profile.
CREATE TABLE files (
    id         uuid        PRIMARY KEY,
    media_type text        NOT NULL,
    -- 'arriving': being stored; removed again unless something shows it soon. 'kept': shown. 'leaving': to be removed.
    state      text        NOT NULL CHECK (state IN ('arriving', 'kept', 'leaving')),
    created_at timestamptz NOT NULL
);

-- A resume is a stored file, or a link to somewhere else.
ALTER TABLE profiles
    ADD COLUMN resume_file_id uuid UNIQUE REFERENCES files,
    ADD CONSTRAINT one_resume CHECK (resume_url IS NULL OR resume_file_id IS NULL);
