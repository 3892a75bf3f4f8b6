-- How long a file is. Those from before are resumes, of which the length was not noted: as long as a resume may be, which
-- reading takes for a limit.
ALTER TABLE files ADD COLUMN length int NOT NULL DEFAULT 5242880 CHECK (length >= 0);
ALTER TABLE files ALTER COLUMN length DROP DEFAULT;

-- Images and videos that people show each other. They are there until their owner removes them or leaves.
CREATE TABLE media (
    file_id    uuid        PRIMARY KEY REFERENCES files,
    owner_id   uuid        NOT NULL REFERENCES profiles,
    length     int         NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX media_by_owner ON media (owner_id);
