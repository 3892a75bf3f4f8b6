-- Why: an index that has the id behind other columns may be read from end to end to find ids, when PostgreSQL takes the table
-- for quiet. Now its primary key alone has it. Those of one moment are sorted by their ids when they are listed.
DROP INDEX pending_of_line;
CREATE INDEX pending_of_line ON pending_deliveries (line_id, created_at DESC);
