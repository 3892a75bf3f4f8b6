-- Contracts of a second flow, `escrow_checkout`: a client hires an applicant of a job at a price, which is paid as a whole.
-- They share the table, because reviews, departures and ids of contracts know no flow (decision 0028).

ALTER TABLE contracts
    ADD COLUMN flow text NOT NULL DEFAULT 'milestone_capture' CHECK (flow IN ('milestone_capture', 'escrow_checkout')),
    ALTER COLUMN negotiation_id DROP NOT NULL,
    ALTER COLUMN payout_delay_days DROP NOT NULL,
    -- What people call the contract.
    ADD COLUMN number       text CONSTRAINT contracts_number UNIQUE CHECK (number ~ '^CON[0-9]{8}$'),
    ADD COLUMN amount_paise bigint CHECK (amount_paise BETWEEN 50 AND 99999999),
    ADD COLUMN paid_at      timestamptz,
    ADD COLUMN started_at   timestamptz,
    ADD COLUMN ongoing_at   timestamptz,
    ADD COLUMN completed_at timestamptz,
    ADD COLUMN canceled_at  timestamptz,
    -- NULL as well when the account of a party was deleted.
    ADD COLUMN canceled_by  text CHECK (canceled_by IN ('Client', 'Freelancer')),
    ADD COLUMN cancel_reason             text CHECK (char_length(cancel_reason) <= 200),
    ADD COLUMN cancel_reason_description text CHECK (char_length(cancel_reason_description) <= 2000),
    ADD COLUMN release_status text CHECK (release_status IN ('NotRequested', 'Requested', 'Approved')),
    -- Lists of the parties leave it out.
    ADD COLUMN deleted_at   timestamptz;

ALTER TABLE contracts
    ALTER COLUMN flow DROP DEFAULT,
    DROP CONSTRAINT contracts_status_check,
    DROP CONSTRAINT nothing_without_both_approvals,
    DROP CONSTRAINT ended_once_active,
    DROP CONSTRAINT reviewed_when_completed,
    ADD CONSTRAINT status_of_the_flow CHECK (
        CASE flow
            WHEN 'milestone_capture' THEN status IN (
                'pending_owner_approval', 'pending_freelancer_kyc', 'pending_client_funding', 'pending_both',
                'active', 'completed', 'cancelled', 'expired')
            ELSE status IN ('Pending', 'Started', 'Ongoing', 'Completed', 'Canceled')
        END),
    ADD CONSTRAINT terms_of_milestones CHECK (
        flow <> 'milestone_capture'
        OR (num_nonnulls(negotiation_id, payout_delay_days) = 2
            AND num_nonnulls(
                number, amount_paise, paid_at, started_at, ongoing_at, completed_at, canceled_at, canceled_by,
                cancel_reason, cancel_reason_description, release_status, deleted_at) = 0)),
    ADD CONSTRAINT terms_of_checkouts CHECK (
        flow <> 'escrow_checkout'
        OR (num_nonnulls(number, amount_paise, cancel_reason, cancel_reason_description, release_status) = 5
            AND num_nonnulls(
                negotiation_id, rate_cents, hours_per_week, start_date, payout_delay_days, client_approved_at,
                activation_deadline, revision_notes, client_ended_at, worker_ended_at, end_note,
                worker_reviewed_at) = 0)),
    ADD CONSTRAINT nothing_without_both_approvals CHECK (
        flow <> 'milestone_capture'
        OR CASE status
               WHEN 'pending_owner_approval' THEN activation_deadline IS NULL
               WHEN 'cancelled' THEN true
               ELSE activation_deadline IS NOT NULL
           END),
    ADD CONSTRAINT ended_once_active CHECK (
        flow <> 'milestone_capture' OR status IN ('active', 'completed', 'cancelled')
        OR num_nonnulls(client_ended_at, worker_ended_at, end_note) = 0),
    ADD CONSTRAINT reviewed_when_completed CHECK (
        status IN ('completed', 'Completed') OR (client_reviewed_at IS NULL AND worker_reviewed_at IS NULL)),
    -- It starts when it is approved and paid, at the later of the two, and never without both.
    ADD CONSTRAINT started_when_approved_and_paid CHECK (
        flow <> 'escrow_checkout'
        OR CASE status
               WHEN 'Pending' THEN started_at IS NULL AND num_nonnulls(worker_approved_at, paid_at) < 2
               WHEN 'Canceled' THEN started_at IS NULL OR num_nonnulls(worker_approved_at, paid_at) = 2
               ELSE num_nonnulls(worker_approved_at, paid_at, started_at) = 3
           END),
    ADD CONSTRAINT moments_of_the_work CHECK (
        flow <> 'escrow_checkout'
        OR ((completed_at IS NOT NULL) = (status = 'Completed')
            AND (canceled_at IS NOT NULL) = (status = 'Canceled')
            AND (ongoing_at IS NULL OR started_at IS NOT NULL)
            AND CASE status
                    WHEN 'Canceled' THEN true
                    ELSE (ongoing_at IS NOT NULL) = (status IN ('Ongoing', 'Completed'))
                END)),
    ADD CONSTRAINT canceled_by_somebody CHECK (
        status = 'Canceled' OR (canceled_by IS NULL AND deleted_at IS NULL)),
    -- Money is released when the work is completed, or divided when a paid contract is canceled.
    ADD CONSTRAINT release_of_money CHECK (
        flow <> 'escrow_checkout'
        OR CASE status
               WHEN 'Completed' THEN true
               WHEN 'Canceled' THEN release_status = CASE WHEN paid_at IS NULL THEN 'NotRequested' ELSE 'Approved' END
               ELSE release_status = 'NotRequested'
           END);

-- Never two contracts for a job. A canceled one makes room for the next.
CREATE UNIQUE INDEX contracts_one_for_a_job ON contracts (gig_id)
    WHERE flow = 'escrow_checkout' AND status <> 'Canceled';
CREATE INDEX contracts_of_checkouts ON contracts (created_at DESC, id DESC) WHERE flow = 'escrow_checkout';

-- What was decided about each payment, so that a repeat decides the same.
CREATE TABLE settlements (
    -- The payment's, made by payments.
    id          uuid        PRIMARY KEY,
    -- The contract that takes it; else the one that does not, if there is any.
    contract_id uuid        REFERENCES contracts,
    is_accepted boolean     NOT NULL,
    settled_at  timestamptz NOT NULL,
    CONSTRAINT accepted_for_a_contract CHECK (NOT is_accepted OR contract_id IS NOT NULL)
);

CREATE UNIQUE INDEX settlements_one_accepted ON settlements (contract_id) WHERE is_accepted;
