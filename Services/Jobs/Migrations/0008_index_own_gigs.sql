-- All gigs of one owner, whatever their status, in the order of lists. Through gigs_by_owner they would be sorted anew for
-- each page.
CREATE INDEX gigs_of_owner ON gigs (owner_id, created_at DESC, id DESC);
