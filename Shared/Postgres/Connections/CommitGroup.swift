import Synchronization

/// Writes that wait at one moment and are to commit together (decision 0045).
struct CommitGroup {
    /// How many share a commit at most, and how many bytes their parameters have together: so little that the first one
    /// does not wait long for the last.
    static let limit = 8
    static let byteLimit = 64 << 10

    private var requests: [Request] = []
    private var byteCount = 0

    func hasRoom(for request: Request) -> Bool {
        requests.isEmpty
            || (requests.count < Self.limit && byteCount + request.parameters.byteCount <= Self.byteLimit)
    }

    mutating func append(_ request: Request) {
        requests.append(request)
        byteCount += request.parameters.byteCount
    }

    /// - Returns: What was in it, in the order in which all groups lock.
    mutating func removeAll() -> [Request] {
        defer {
            requests.removeAll(keepingCapacity: true)
            byteCount = 0
        }
        return requests.sorted { $0.parameters.first.lexicographicallyPrecedes($1.parameters.first) }
    }
}

extension Request {
    /// Whether it may be put into a group. Not when one was undone with it in it.
    var joinsGroups: Bool {
        guard case .statement(let sql) = content, sql.sharesCommit else { return false }
        return !standsAlone.load(ordering: .relaxed)
    }

    fileprivate var parameters: Parameters {
        if case .statement(let sql) = content { sql.parameters } else { Parameters(capacity: 0) }
    }
}
