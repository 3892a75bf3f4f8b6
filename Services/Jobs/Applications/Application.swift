import SharedModels

/// A freelancer's application to a gig.
struct Application: Sendable, Equatable {
    let id: ApplicationID
    let gigID: GigID
    let workerID: AccountID
    let message: String?
    var status: ApplicationStatus
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
    /// Whether a negotiation about it, or a contract made from one, is open. A read that only locks the row does not
    /// set this.
    var isEngaged = false
    /// Whether the worker withdrew it. It is gone then, and only the news of it is left to write.
    var isWithdrawn = false

    /// Whether the shortlisting must stay, even if the gig's owner wants to change it.
    var isHeld: Bool { status == .shortlisted && isEngaged }

    /// The application after the owner's decision. The owner may switch between shortlisting and rejecting freely.
    ///
    /// - Returns: `nil` when the decision changes nothing.
    func deciding(_ decision: ApplicationStatus, at now: Timestamp) -> Application? {
        guard decision != status else { return nil }
        var decided = self
        decided.status = decision
        decided.version += 1
        decided.updatedAt = now
        return decided
    }

    /// The application as the worker withdraws it.
    func withdrawing(at now: Timestamp) -> Application {
        var withdrawn = self
        withdrawn.isWithdrawn = true
        withdrawn.version += 1
        withdrawn.updatedAt = now
        return withdrawn
    }

    var nextActions: [NextAction] { isWithdrawn ? [] : ownersActions + workersActions }

    private var ownersActions: [NextAction] {
        switch status {
        case .applied: [shortlist, reject]
        case .shortlisted where isHeld: []
        case .shortlisted: [negotiate, reject]
        case .rejected: [shortlist]
        }
    }

    private var shortlist: NextAction { decision("shortlist", .shortlisted) }
    private var reject: NextAction { decision("reject", .rejected) }
    private var negotiate: NextAction {
        NextAction(
            "negotiate", Endpoints.negotiations.negotiate.operation, [:], by: [.client],
            members: ["gig_id": .string("\(gigID)"), "worker_user_id": .string("\(workerID)")])
    }

    private func decision(_ action: String, _ status: ApplicationStatus) -> NextAction {
        NextAction(
            action, Endpoints.applications.update.operation, ["id": "\(gigID)", "appId": "\(id)"], by: [.client],
            body: ["status": .string(status.rawValue)])
    }

    private var workersActions: [NextAction] {
        isEngaged
            ? []
            : [NextAction("withdraw", Endpoints.applications.withdraw.operation, ["id": "\(id)"], by: [.worker])]
    }

    var view: ApplicationView {
        ApplicationView(
            id: id, gigID: gigID, workerUserID: workerID, message: message, status: status, createdAt: createdAt,
            updatedAt: updatedAt, nextActions: nextActions)
    }

    /// The news that it was made. The statement that writes it adds the gig's title.
    var creation: Announcement { announcement(ApplicationCreated.self, to: [workerID]) }

    /// The news that it was changed or withdrawn.
    ///
    /// - Parameter gigTitle: Sent with it, because a reader of the news has not seen the gig.
    func change(of gigTitle: String, to recipients: [AccountID]) -> Announcement {
        announcement(ApplicationUpdated.self, to: recipients).adding("gig_title", .string(gigTitle))
            .adding("withdrawn", .bool(isWithdrawn))
    }

    private func announcement<E: Event>(
        _ event: E.Type, to recipients: [AccountID]
    ) -> Announcement where E.Content == ApplicationView {
        Announcement(event, of: id, sequence: version, to: recipients, Encoded<ApplicationView>(view), at: updatedAt)
            .adding(.milestoneCapture)
    }
}

/// An application as its worker sees it in a list.
struct OwnedApplication: Sendable {
    let application: Application
    let gigTitle: String
    /// The latest negotiation about it.
    let engagement: Engagement?
}
