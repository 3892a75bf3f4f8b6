import SharedModels

/// A freelancer's wish to do a gig.
struct Application: Sendable, Equatable {
    let id: ApplicationID
    let gigID: GigID
    let workerID: AccountID
    let message: String?
    var status: ApplicationStatus
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
    /// Whether a negotiation of it is live, or the contract made of one. Who only locks it does not learn this.
    var isEngaged = false

    /// Whether the shortlist stands as it is, whatever its owner would like.
    var isHeld: Bool { status == .shortlisted && isEngaged }

    /// The application after the owner's decision. Shortlist and rejection may follow each other freely.
    ///
    /// - Returns: `nil` when it stands so already.
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

    /// - Parameter gigTitle: Told with it, since a reader of the news has not read the gig; `nil` when the statement
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
