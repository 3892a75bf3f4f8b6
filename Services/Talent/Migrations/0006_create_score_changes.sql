-- Why a ghost score is what it is: one row for each end of a contract and each dispute lost. A contract that is
-- told of again after its end, however often and by whichever event, counts once.
CREATE TABLE score_changes (
    -- The contract or the dispute.
    subject_id uuid        NOT NULL,
    user_id    uuid        NOT NULL REFERENCES profiles,
    points     int         NOT NULL CHECK (points <> 0),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, subject_id)
);
