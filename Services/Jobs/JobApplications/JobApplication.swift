import SharedModels

/// A freelancer's application to a job.
struct JobApplication: Sendable, Equatable {
    let id: ApplicationID
    let jobID: GigID
    let freelancerID: AccountID
    let coverLetter: String?
    let proposedRate: Money?
    var status = JobApplicationStatus.pending
    var version: Int64 = 1
    let createdAt: Timestamp
    var updatedAt: Timestamp
    /// Whether the freelancer withdrew it. It is gone then, and only the news of it is left to write.
    var isWithdrawn = false

    /// The application in another status, or `nil` when it is in that already.
    func settling(_ status: JobApplicationStatus, at now: Timestamp) -> JobApplication? {
        guard status != self.status else { return nil }
        var settled = self
        settled.status = status
        settled.version += 1
        settled.updatedAt = now
        return settled
    }

    /// The application as the freelancer withdraws it.
    func withdrawing(at now: Timestamp) -> JobApplication {
        var withdrawn = self
        withdrawn.isWithdrawn = true
        withdrawn.version += 1
        withdrawn.updatedAt = now
        return withdrawn
    }
}

extension JobApplicationStatus {
    /// What readers of events see, and what is stored: the words of the surface that had applications first.
    var stored: ApplicationStatus {
        switch self {
        case .pending: .applied
        case .accepted: .shortlisted
        case .rejected: .rejected
        }
    }

    init(stored: ApplicationStatus) {
        self =
            switch stored {
            case .applied: .pending
            case .shortlisted: .accepted
            case .rejected: .rejected
            }
    }
}

extension JobApplication {
    /// The news that it was made.
    func creation(of jobTitle: String, to recipients: [AccountID]) -> Announcement {
        announcement(ApplicationCreated.self, jobTitle, to: recipients)
    }

    /// The news that its status changed, or that it was withdrawn.
    func change(of jobTitle: String, to recipients: [AccountID]) -> Announcement {
        announcement(ApplicationUpdated.self, jobTitle, to: recipients).adding("withdrawn", .bool(isWithdrawn))
    }

    /// - Parameter jobTitle: Sent with it, because a reader of the news has not seen the job.
    private func announcement<E: Event>(
        _ event: E.Type, _ jobTitle: String, to recipients: [AccountID]
    ) -> Announcement where E.Content == ApplicationView {
        let view = ApplicationView(
            id: id, gigID: jobID, workerUserID: freelancerID, message: coverLetter, status: status.stored,
            createdAt: createdAt, updatedAt: updatedAt, nextActions: nextActions)
        return Announcement(
            event, of: id, sequence: version, to: recipients, Encoded<ApplicationView>(view), at: updatedAt
        )
        .adding(.escrowCheckout).adding("gig_title", .string(jobTitle))
    }

    private var nextActions: [NextAction] {
        guard status == .pending, !isWithdrawn else { return [] }
        return [
            NextAction(
                "withdraw", Endpoints.jobApplications.withdraw.operation, ["applicationId": id.objectID], by: [.worker])
        ]
    }

    var document: JobApplicationDocument {
        JobApplicationDocument(
            id: id, jobID: jobID, freelancerID: freelancerID, status: status, coverLetter: coverLetter,
            proposedRate: proposedRate.map { Rupees($0) }, createdAt: createdAt, updatedAt: updatedAt)
    }
}
