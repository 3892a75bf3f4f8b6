-- Why: one row says where a milestone's money is, and one action at a time may move it. Everything that wants
-- to move it (release, cancel, the capture before a hold lapses) contends for this row.

CREATE TABLE escrows (
    milestone_id uuid PRIMARY KEY,
    contract_id uuid NOT NULL,
    client_id uuid NOT NULL,
    worker_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    amount_currency text NOT NULL,
    payout_delay_days bigint NOT NULL,
    state text NOT NULL,
    -- The key of the action under way.
    moving text,
    payment_intent_id text,
    -- With it the client confirms the payment; forgotten once that is done.
    client_secret text,
    -- When the provider lets the hold go.
    capture_before timestamptz,
    -- What the platform kept, fixed by the release.
    fee_minor bigint,
    released_at timestamptz,
    payout_at timestamptz,
    transfer_id text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT known_state CHECK (state IN ('unfunded', 'authorizing', 'held', 'escrowed', 'released', 'paid')),
    CONSTRAINT amount_positive CHECK (amount_minor > 0),
    CONSTRAINT payout_delay_in_range CHECK (payout_delay_days BETWEEN 0 AND 10),
    CONSTRAINT intent_iff_begun CHECK ((payment_intent_id IS NULL) = (state = 'unfunded')),
    CONSTRAINT secret_while_authorizing CHECK (client_secret IS NULL OR state = 'authorizing'),
    CONSTRAINT lapse_known_while_held CHECK ((capture_before IS NOT NULL) = (state = 'held')),
    CONSTRAINT release_facts_iff_released CHECK (
        (state IN ('released', 'paid')) = (fee_minor IS NOT NULL)
        AND (fee_minor IS NULL) = (released_at IS NULL) AND (fee_minor IS NULL) = (payout_at IS NULL)),
    CONSTRAINT fee_below_amount CHECK (fee_minor >= 0 AND fee_minor < amount_minor),
    CONSTRAINT transfer_iff_paid CHECK ((transfer_id IS NOT NULL) = (state = 'paid'))
);

CREATE TABLE actions (
    -- Also the idempotency key at the provider: 'milestone:<id>:capture:1'.
    key text PRIMARY KEY,
    milestone_id uuid NOT NULL REFERENCES escrows,
    kind text NOT NULL,
    operation text NOT NULL,
    -- Counts the milestone's calls of this operation: a refused one is not asked again under its key.
    number bigint NOT NULL,
    state text NOT NULL,
    refusal text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT numbered_once UNIQUE (milestone_id, operation, number),
    CONSTRAINT known_kind CHECK (kind IN ('authorize', 'capture', 'release', 'cancel', 'transfer')),
    CONSTRAINT known_state CHECK (state IN ('started', 'finished', 'refused')),
    CONSTRAINT ended_iff_over CHECK ((ended_at IS NULL) = (state = 'started')),
    CONSTRAINT refusal_iff_refused CHECK ((refusal IS NOT NULL) = (state = 'refused'))
);
CREATE UNIQUE INDEX one_action_at_a_time ON actions (milestone_id) WHERE state = 'started';

ALTER TABLE escrows ADD CONSTRAINT moving_is_an_action FOREIGN KEY (moving) REFERENCES actions;
