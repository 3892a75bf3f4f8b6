-- Why: how many messages are answered, and how fast, is counted as they are written. A turn is what one of the two writes
-- until the other does. Turns from before this migration are not known, so counting begins with the next message.
ALTER TABLE conversations
    ADD COLUMN turn_by    uuid,
    ADD COLUMN turn_since timestamptz,
    ADD CONSTRAINT turn_is_whole CHECK ((turn_by IS NULL) = (turn_since IS NULL)),
    ADD CONSTRAINT turn_is_of_the_pair CHECK (turn_by IN (first_id, second_id));
