-- Profiles that were there before matching: what they are matched by is worked out in the background, their matches only when
-- they change or somebody reads them. All news of this moment are about such profiles.
ALTER TABLE match_news ADD COLUMN is_old boolean NOT NULL DEFAULT false;
UPDATE match_news SET is_old = true;
