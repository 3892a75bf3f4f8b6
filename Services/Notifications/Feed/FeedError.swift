import ServiceKit
import SharedModels

/// Refusals about the feed.
enum FeedError: Error, Equatable {
    /// The event is not the caller's, or older than the feed.
    case unknownEvent

    fileprivate static let reason = "names no event of yours from the last 30 days; leave it out to start over"
}

extension FeedError: APIError {
    var code: ErrorCode { .notFound }
    var publicMessage: String { "after \(Self.reason)." }
    var issues: [InputIssue] { [InputIssue(path: "after", message: Self.reason)] }
}
