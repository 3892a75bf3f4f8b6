import SharedModels

/// Which gigs a list is about.
enum GigListing: Sendable, Equatable {
    /// The active ones of all owners.
    case active
    /// The caller's own, in one status or in all.
    case own(GigStatus?)
    /// The caller's own that wait for the caller: drafts, and active ones with applicants to look at.
    case waiting
}

extension GigListing {
    /// - Parameter isOwn: Whether the caller asked for its own gigs only. Drafts and closed gigs always are.
    init(_ status: GigStatus?, isOwn: Bool = false) {
        switch status {
        case .active where !isOwn, nil where !isOwn: self = .active
        case .draft, .active, .closed, nil: self = .own(status)
        }
    }

    /// The same for the same list in every process.
    var name: String {
        switch self {
        case .active: "active"
        case .own(let status): "own \(status?.rawValue ?? "")"
        case .waiting: "waiting"
        }
    }
}
