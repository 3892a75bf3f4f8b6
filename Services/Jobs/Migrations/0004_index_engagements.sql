-- All engagements of an application, not only the live one: for the negotiation beside one's own application, for
-- reserving, and for the foreign key when a gig is deleted. Without it each of these read the whole table.
CREATE INDEX engagements_by_application ON engagements (application_id, reserved_at DESC);
