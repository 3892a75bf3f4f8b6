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

    var nextActions: [NextAction] {
        let href = "/api/gigs/\(gigID)/applications/\(id)"
        let shortlist = NextAction("shortlist", .patch, href, by: [.client])
        let reject = NextAction("reject", .patch, href, by: [.client])
        return switch status {
        case .applied: [shortlist, reject]
        case .shortlisted where isHeld: []
        case .shortlisted: [NextAction("negotiate", .post, "/api/negotiate", by: [.client]), reject]
        case .rejected: [shortlist]
        }
    }

    var view: ApplicationView {
        ApplicationView(
            id: id, gigID: gigID, workerUserID: workerID, message: message, status: status, createdAt: createdAt,
            updatedAt: updatedAt, nextActions: nextActions)
    }

    /// - Parameter gigTitle: Sent with it, because a reader of the news has not seen the gig; `nil` when the statement
    ///   that writes the event adds it.
    func announcement<E: Event>(
        _ event: E.Type, to recipients: [AccountID], gigTitle: String?
    ) -> Announcement where E.Content == ApplicationView {
        let told = Announcement(
            event, of: id, sequence: version, to: recipients, Encoded<ApplicationView>(view), at: updatedAt)
        return gigTitle.map { told.adding("gig_title", $0) } ?? told
    }
}

/// An application as its worker sees it in a list.
struct OwnedApplication: Sendable {
    let application: Application
    let gigTitle: String
    /// The latest negotiation about it.
    let engagement: Engagement?
}
