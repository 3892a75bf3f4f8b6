-- Why: a receiver hears of one thing's changes in their order. An event is first sent when the earlier ones of its
-- aggregate were tried there once; after a failure later ones may overtake it.
ALTER TABLE deliveries ADD COLUMN aggregate uuid;
ALTER TABLE deliveries ADD COLUMN sequence bigint;
UPDATE deliveries SET aggregate = events.aggregate, sequence = events.sequence
  FROM events WHERE events.id = deliveries.event_id;
ALTER TABLE deliveries ALTER COLUMN aggregate SET NOT NULL;
ALTER TABLE deliveries ALTER COLUMN sequence SET NOT NULL;
CREATE INDEX deliveries_untried ON deliveries (endpoint_id, aggregate, sequence)
    WHERE state = 'pending' AND attempt_count <= 1;
