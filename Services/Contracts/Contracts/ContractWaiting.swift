import Postgres
import ServiceKit
import SharedModels

/// Which contracts wait for whom. The rules of actions decide it for one contract; lists ask the database the same.
extension Contract {
    /// Whether the deal cannot go on before `role` does something. What a side merely may do, such as opening a dispute, or
    /// releasing money before the work is there, nobody waits for.
    func waits(for role: PartyRole, at now: Timestamp) -> Bool {
        // Either side may agree to the last round, or propose again; but it is one side's turn.
        if status == .pendingOwnerApproval { return negotiation.waitsFor.contains(role) }
        let own = DealAction.allCases.contains { $0.isAwaited && actors(of: $0).contains(role) }
        return own
            || milestones.contains { milestone in
                let isAnswer =
                    milestone.moving == nil
                    && milestone.dispute.map { $0.actors(of: .respond, at: now).contains(role) } == true
                return isAnswer
                    || DealAction.allCases.contains {
                        $0.isAwaited && ($0 != .release || milestone.status == .delivered)
                            && actors(of: $0, with: milestone, at: now).contains(role)
                    }
            }
    }
}

extension DealAction {
    /// Whether somebody waits for it to be done.
    fileprivate var isAwaited: Bool {
        switch self {
        case .approve, .connect, .fund, .deliver, .release, .respond, .review: true
        case .round, .agree, .decline, .revise, .end, .withdraw, .dispute, .recommend: false
        }
    }
}

/// The same as ``Contract/waits(for:at:)`` for the database, about a row `c` of `contracts`. A test compares the two in
/// every state.
enum ContractWaiting {
    static func condition(for role: PartyRole, at now: Timestamp) -> SQL {
        switch role {
        case .client:
            """
            CASE c.status
                WHEN 'pending_owner_approval' THEN
                    EXISTS (SELECT FROM negotiations n WHERE n.id = c.negotiation_id AND n.waits_for_client)
                WHEN 'completed' THEN c.client_reviewed_at IS NULL
                WHEN 'cancelled' THEN false
                WHEN 'expired' THEN false
                ELSE EXISTS (
                    SELECT FROM milestones m
                     WHERE m.contract_id = c.id AND m.moving IS NULL
                       AND ((m.status = 'pending' AND NOT EXISTS (
                                 SELECT FROM milestones before
                                  WHERE before.contract_id = c.id AND before.position < m.position
                                    AND before.status <> 'released'))
                            OR (c.status = 'active' AND m.status = 'delivered' AND NOT EXISTS (
                                    SELECT FROM disputes d WHERE d.milestone_id = m.id AND d.status <> 'resolved'))
                            OR \(fragment: answer(to: .worker, at: now))))
            END
            """
        case .worker:
            """
            (CASE c.status
                 WHEN 'pending_owner_approval' THEN
                     EXISTS (SELECT FROM negotiations n WHERE n.id = c.negotiation_id AND n.waits_for_worker)
                 WHEN 'pending_freelancer_kyc' THEN true
                 WHEN 'pending_both' THEN true
                 WHEN 'completed' THEN c.worker_reviewed_at IS NULL
                 WHEN 'cancelled' THEN false
                 WHEN 'expired' THEN false
                 ELSE EXISTS (
                     SELECT FROM milestones m
                      WHERE m.contract_id = c.id AND m.moving IS NULL
                        AND ((c.status = 'active' AND m.status = 'funded')
                             OR \(fragment: answer(to: .client, at: now))))
             END
             -- Money that is to be paid out, and cannot be before the worker is onboarded.
             OR (c.status <> 'pending_owner_approval'
                 AND NOT EXISTS (
                     SELECT FROM payees p WHERE p.account_id = c.worker_user_id AND p.onboarded_at IS NOT NULL)
                 AND EXISTS (
                     SELECT FROM milestones m
                      WHERE m.contract_id = c.id
                        AND (m.transfer_cents > 0 OR (c.status = 'active' AND m.amount_cents > 0)))))
            """
        }
    }

    /// A dispute that the other side has opened over a milestone `m`, and that can be answered.
    private static func answer(to opener: PartyRole, at now: Timestamp) -> SQL {
        """
        EXISTS (SELECT FROM disputes d
                 WHERE d.milestone_id = m.id AND d.status = 'open' AND d.opened_by = \(opener)
                   AND d.response_deadline > \(now))
        """
    }
}
