-- The board of one level, or of one category, by rate. Without them a page far down was found by reading the whole table.
CREATE INDEX jobs_open_by_level_and_rate ON gigs (experience_level, rate_cents, created_at, id)
    WHERE status = 'active' AND flow = 'escrow_checkout';
CREATE INDEX jobs_open_by_category_and_rate ON gigs (category_id, rate_cents, created_at, id)
    WHERE status = 'active' AND flow = 'escrow_checkout';
