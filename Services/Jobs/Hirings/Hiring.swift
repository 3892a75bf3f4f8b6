import SharedModels

/// A contract about a job, as far as it binds the job.
struct Hiring: Sendable, Equatable {
    let contractID: ContractID
    let jobID: GigID
    let freelancerID: AccountID
    let stage: Stage
    /// Whether the freelancer has begun, so that the other applicants are refused.
    let hasStarted: Bool
    let madeAt: Timestamp
    /// Grows with every change of the contract.
    let sequence: Int64

    enum Stage: String, Sendable {
        case open
        /// Its money went to the freelancer.
        case released
        case canceled
    }
}

extension Hiring {
    /// How long a reservation lasts without `checkout.contract.changed`.
    static let reservation = Duration.seconds(60)

    init(_ news: CheckoutContractReading, _ sequence: Int64) {
        contractID = news.contractID
        jobID = news.jobID
        freelancerID = news.freelancerUserID
        stage = Stage(news.status, news.releaseFundStatus)
        hasStarted = news.status.hasStarted
        madeAt = news.createdAt
        self.sequence = sequence
    }

    /// What the application of `freelancer` is, once this is the job's latest contract. When it is canceled, everybody
    /// may be chosen again.
    func status(ofApplicationOf freelancer: AccountID) -> JobApplicationStatus {
        guard freelancer == freelancerID else { return statusOfOthers }
        return stage == .canceled ? .pending : .accepted
    }

    var statusOfOthers: JobApplicationStatus { hasStarted && stage != .canceled ? .rejected : .pending }
}

extension Hiring.Stage {
    /// - Parameter release: Of a canceled contract it says nothing: a refund approves it, too.
    init(_ status: CheckoutContractStatus, _ release: ReleaseFundStatus) {
        self =
            switch status {
            case .canceled: .canceled
            case .pending, .started, .ongoing, .completed: release == .approved ? .released : .open
            }
    }
}

extension CheckoutContractStatus {
    /// Whether the freelancer has begun, and may still be at it or done.
    var hasStarted: Bool {
        switch self {
        case .started, .ongoing, .completed: true
        case .pending, .canceled: false
        }
    }
}
