-- Which gigs have applicants that nobody has decided about, for the list of what waits for their owner.
CREATE INDEX applications_to_decide ON applications (gig_id) WHERE status = 'applied';
