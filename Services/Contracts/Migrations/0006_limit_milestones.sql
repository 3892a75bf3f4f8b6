-- The client can add milestones to an active contract, up to a number that a page can show.

ALTER TABLE milestones
    ADD CONSTRAINT milestones_at_most_fifty CHECK (position <= 50);
