import Postgres
import TestSupport
import Testing

@testable import ContractsService
@testable import ServiceKit
@testable import SharedModels

/// The promise under test: what the service does costs the same with few deals and with very many, also for an account that
/// has four hundred of them.
@Suite struct ContractsGrowthTests {
    @Test func `nothing that is asked of contracts reads more rows when there are more`() async throws {
        try await PlanWatch.use { watch in
            try await Deals.with { deals in
                let world = try await World(deals)
                let findings = try await watch.judge(
                    deals.database, world.lists + world.steps, within: PlanWatch.Bounds(), fill: world.crowd)
                #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
            }
        }
    }
}

private struct World: Sendable {
    let deals: Deals
    let contract: Contract
    let dispute: Dispute
    let hire: Hire
    private let middle = PageCursor(.start + .seconds(6000), GigID.make(at: .start))

    init(_ deals: Deals) async throws {
        self.deals = deals
        contract = try await deals.delivered()
        dispute = try await deals.disputed()
        hire = try await deals.completedHire()
    }

    var lists: [PlanWatch.Request] {
        let (deals, contract, dispute, hire, middle) = (deals, contract, dispute, hire, middle)
        let admin = Principal.sample(deals.client, isAdmin: true)
        return [
            .init("a deal") {
                _ = try await deals.contracts.get(contract.id, by: deals.client)
                _ = try await deals.contracts.ledger(of: contract.id, by: .sample(deals.client))
                _ = try await deals.negotiations.get(contract.negotiation.id, by: deals.client, withAudit: true)
                _ = try await deals.disputes.get(dispute.id, by: .sample(deals.client), withEvidence: true)
            },
            .init("one's contracts") {
                for cursor in [nil, middle] {
                    _ = try await deals.contracts.page(of: deals.client, in: nil, after: cursor, limit: 20)
                    _ = try await deals.contracts.page(of: deals.worker, in: .active, after: cursor, limit: 20)
                }
            },
            .init("one's negotiations") {
                for cursor in [nil, middle] {
                    _ = try await deals.negotiations.page(of: deals.client, in: nil, after: cursor, limit: 20)
                    _ = try await deals.negotiations.page(of: deals.worker, in: .approved, after: cursor, limit: 20)
                }
            },
            .init("one's disputes") {
                _ = try await deals.disputes.page(for: .sample(deals.client), in: nil, after: nil, limit: 20)
                _ = try await deals.disputes.page(for: .sample(deals.worker), in: .open, after: nil, limit: 20)
            },
            .init("everybody's disputes") {
                for isResolved in [false, true] {
                    let cursor = DisputeCursor(isResolved: isResolved, place: middle)
                    _ = try await deals.disputes.page(for: admin, in: nil, after: cursor, limit: 20)
                }
                _ = try await deals.disputes.page(for: admin, in: nil, after: nil, limit: 20)
            },
            .init("a hire") {
                _ = try await deals.hires.get(hire.id, by: .sample(deals.client))
                _ = try await deals.hires.find(of: hire.jobID, by: deals.client)
            },
            .init("hires") {
                let place = try PagePlace(page: 1, limit: 20, cursor: nil)
                for selection in [
                    HireSelection.ofClient(deals.client), .ofFreelancer(deals.worker), .completed(deals.worker),
                ] {
                    _ = try await deals.hires.list(selection, from: place)
                }
                // Their number, up to 10,000, is nearly all of the crowd, so nothing can be said of it here.
                _ = try await HireStore().page(of: .all, from: place, in: deals.database)
            },
            .init("reviews") {
                _ = try await deals.reviews.page(of: deals.worker, after: nil, limit: 20)
                _ = try await deals.reviews.page(
                    byClientsOf: deals.worker, from: PagePlace(page: 1, limit: 20, cursor: nil))
            },
            .init("what two have with each other, and one has open") {
                _ = try await deals.negotiations.deals(between: deals.client, and: .make(at: .start))
                _ = try await deals.negotiations.openDeals(of: deals.worker)
                _ = try await deals.negotiations.ended(among: [contract.negotiation.id])
            },
        ]
    }

    var steps: [PlanWatch.Request] {
        let deals = deals
        return [
            .init("a whole deal") { _ = try await deals.completed() },
            .init("a dispute") { _ = try await deals.disputed() },
            .init("a whole hire") { _ = try await deals.completedHire() },
            .init("scheduled work") {
                let schedule = ScheduleStore(database: deals.database)
                _ = try await schedule.claim(8, of: ["milestone.deadline"], at: .start, lease: .seconds(60))
                _ = try await schedule.nextDue(of: ["milestone.deadline", "contract.expiry"])
            },
        ]
    }

    /// 12,000 deals of both flows, four hundred of them the client's and a thousand the worker's, with their milestones,
    /// disputes, reviews and scheduled work.
    var crowd: [SQL] {
        let moment: SQL = "\(Timestamp.start)::timestamptz + n * interval '1 s'"
        let client: SQL = "CASE n % 30 WHEN 0 THEN \(deals.client) ELSE md5('client' || n % 3000)::uuid END"
        let worker: SQL = "CASE n % 30 WHEN 1 THEN \(deals.worker) ELSE md5('worker' || n % 3000)::uuid END"
        return [
            """
            INSERT INTO negotiations
                (id, gig_id, gig_title, client_user_id, worker_user_id, state, round_number, contract_id, version,
                 closed_at, waits_for_client, waits_for_worker, created_at, updated_at)
            SELECT md5('negotiation' || n)::uuid, gen_random_uuid(), 'Compiler work', \(fragment: client),
                   \(fragment: worker), 'approved', 1, md5('contract' || n)::uuid, 1,
                   CASE WHEN n % 20 > 0 THEN \(fragment: moment) END, false, false, \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO contracts
                (flow, id, negotiation_id, gig_id, gig_title, client_user_id, worker_user_id, status, rate_cents,
                 payout_delay_days, client_approved_at, worker_approved_at, activation_deadline, version, created_at,
                 updated_at)
            SELECT 'milestone_capture', contract_id, id, gig_id, gig_title, client_user_id, worker_user_id,
                   CASE WHEN closed_at IS NULL THEN 'active' ELSE 'completed' END, 5000, 3, created_at, created_at,
                   created_at, 1, created_at, created_at
              FROM negotiations WHERE id NOT IN (SELECT negotiation_id FROM contracts WHERE negotiation_id IS NOT NULL)
            """,
            """
            INSERT INTO milestones (id, contract_id, position, title, amount_cents, status)
            SELECT gen_random_uuid(), id, 1, 'All of it', 50000, 'pending' FROM contracts
             WHERE id NOT IN (SELECT contract_id FROM milestones)
            """,
            """
            INSERT INTO negotiation_audit (negotiation_id, at, kind, to_state, payload)
            SELECT id, created_at, 'round', 'in_progress', '{}' FROM negotiations, generate_series(1, 3)
            """,
            """
            INSERT INTO contracts
                (flow, id, gig_id, gig_title, client_user_id, worker_user_id, status, number, amount_paise, cancel_reason,
                 cancel_reason_description, release_status, version, created_at, updated_at)
            SELECT 'escrow_checkout', gen_random_uuid(), gen_random_uuid(), 'Compiler work', \(fragment: client),
                   \(fragment: worker), 'Pending', 'CON' || (20000000 + n), 100000, '', '', 'NotRequested', 1,
                   \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO disputes
                (id, contract_id, milestone_id, opened_by, reason, status, response_deadline, decision_outcome,
                 decision_worker_cents, decision_returned_cents, decision_fee_cents, decision_charges_fee, decided_by,
                 decided_at, settled_at, version, created_at, updated_at)
            SELECT gen_random_uuid(), contract_id, milestones.id, 'client', 'It does not parse', 'resolved', created_at,
                   'client', 0, 50000, 0, false, client_user_id, created_at, created_at, 1, created_at, created_at
              FROM milestones JOIN contracts ON contracts.id = contract_id
             WHERE milestones.id NOT IN (SELECT milestone_id FROM disputes) AND hashtext(milestones.id::text) % 2 = 0
            """,
            """
            INSERT INTO disputes
                (id, contract_id, milestone_id, opened_by, reason, status, response_deadline, version, created_at, updated_at)
            SELECT gen_random_uuid(), contract_id, milestones.id, 'client', 'It does not parse', 'open', created_at, 1,
                   created_at, created_at
              FROM milestones JOIN contracts ON contracts.id = contract_id
             WHERE milestones.id NOT IN (SELECT milestone_id FROM disputes)
            """,
            """
            INSERT INTO reviews
                (id, contract_id, gig_title, reviewer_role, reviewer_user_id, reviewed_user_id, rating, status,
                 published_at, version, created_at, updated_at)
            SELECT gen_random_uuid(), id, gig_title, 'client', client_user_id, worker_user_id, 5, 'published', created_at,
                   1, created_at, created_at
              FROM contracts WHERE flow = 'milestone_capture'
            """,
            """
            INSERT INTO scheduled (kind, key, due_at, payload)
            SELECT (ARRAY['milestone.deadline', 'milestone.reminder', 'contract.expiry'])[1 + n % 3], n::text,
                   \(fragment: moment), '{}'
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO outbox (id, aggregate, sequence, name, recipients, data, created_at, destination)
            SELECT gen_random_uuid(), gen_random_uuid(), 1, 'contract.updated', '{}', '{}', \(fragment: moment),
                   'notifications'
              FROM generate_series(1, 12000) AS n
            """,
        ]
    }
}
