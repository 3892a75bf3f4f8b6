/// What became of an application to a job.
public enum JobApplicationStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending = "Pending"
    case accepted = "Accepted"
    case rejected = "Rejected"
}
