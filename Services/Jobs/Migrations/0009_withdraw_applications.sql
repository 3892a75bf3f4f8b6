-- A withdrawn application is deleted. The negotiations about it that have ended stay, without it: what is over stays so,
-- also for the worker's next application to the same gig.
ALTER TABLE engagements
    ALTER COLUMN application_id DROP NOT NULL,
    ADD CONSTRAINT live_with_its_application CHECK (application_id IS NOT NULL OR (NOT is_live AND is_over));
