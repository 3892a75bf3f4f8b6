-- What a search finds. The words of a gig have a table of their own, so that the rows of gigs, read far more often
-- than searched, stay as narrow as they are; and they are kept rather than made anew from the text, because a search
-- by relevance weighs every gig that it finds (docs/decisions/0012-the-words-of-gigs-have-a-table.md).
CREATE TABLE gig_words (
    gig_id uuid     PRIMARY KEY REFERENCES gigs ON DELETE CASCADE,
    words  tsvector NOT NULL
);
CREATE FUNCTION write_gig_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gig_words (gig_id, words)
    VALUES (NEW.id, setweight(to_tsvector('english', NEW.title), 'A')
                    || setweight(to_tsvector('english', concat_ws(' ', NEW.description, NEW.scope)), 'B'))
    ON CONFLICT (gig_id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END $$;
CREATE TRIGGER write_words AFTER INSERT ON gigs FOR EACH ROW EXECUTE FUNCTION write_gig_words();
CREATE TRIGGER change_words AFTER UPDATE OF title, description, scope ON gigs FOR EACH ROW
    WHEN ((OLD.title, OLD.description, OLD.scope) IS DISTINCT FROM (NEW.title, NEW.description, NEW.scope))
    EXECUTE FUNCTION write_gig_words();
INSERT INTO gig_words (gig_id, words)
SELECT id, setweight(to_tsvector('english', title), 'A')
           || setweight(to_tsvector('english', concat_ws(' ', description, scope)), 'B')
  FROM gigs;
CREATE INDEX gig_words_by_word ON gig_words USING gin (words);
-- Both ways by rate. Those without one are together at its end.
CREATE INDEX gigs_active_by_rate ON gigs (rate_cents, created_at, id) WHERE status = 'active';
