-- Why: people are written to in the language that they choose. Without a row it is English.
CREATE TABLE reading_settings (
    account_id uuid        PRIMARY KEY,
    locale     text        NOT NULL CHECK (locale IN ('en', 'de')),
    updated_at timestamptz NOT NULL
);
