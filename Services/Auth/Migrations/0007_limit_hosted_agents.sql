-- Agents have names that change and an allowance. One that was removed stays for its keys, which are revoked.

ALTER TABLE hosted_agents
    ADD COLUMN llm_monthly_limit bigint NOT NULL DEFAULT 100 CHECK (llm_monthly_limit BETWEEN 0 AND 10000),
    ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN updated_at timestamptz,
    ADD COLUMN deleted_at timestamptz;
UPDATE hosted_agents SET updated_at = created_at;
ALTER TABLE hosted_agents ALTER COLUMN updated_at SET NOT NULL;

CREATE INDEX hosted_agents_by_account ON hosted_agents (account_id, created_at DESC, id DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX api_keys_by_agent ON api_keys (hosted_agent_id) WHERE hosted_agent_id IS NOT NULL;

-- One row for each recommendation: a retry has the id of its first attempt, so it spends once.
CREATE TABLE agent_spendings (
    id uuid PRIMARY KEY,
    agent_id uuid NOT NULL REFERENCES hosted_agents (id),
    -- The first day of the calendar month in UTC.
    month date NOT NULL,
    spent_at timestamptz NOT NULL
);

CREATE INDEX agent_spendings_by_month ON agent_spendings (agent_id, month);
