import SharedModels

/// A piece of work that a client offers.
struct Gig: Sendable, Equatable {
    let id: GigID
    let ownerID: AccountID
    var title: String
    var description: String?
    var scope: String?
    /// US cents per hour; `nil` is open to negotiation.
    var rateCents: Int64?
    var status: GigStatus
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp

    /// Active gigs are everybody's; drafts and closed ones are their owner's alone.
    func isVisible(to account: AccountID) -> Bool { status == .active || ownerID == account }

    /// The gig after its owner's change.
    func applying(_ update: GigUpdate, at now: Timestamp) -> Gig {
        var changed = self
        if let title = update.title { changed.title = title }
        changed.description = update.description.applied(to: description)
        changed.scope = update.scope.applied(to: scope)
        changed.rateCents = update.rateCents.applied(to: rateCents)
        if let status = update.status { changed.status = status }
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    /// What may be done next. The owner may move a gig between any two states; only the two that lead on are named.
    var nextActions: [NextAction] {
        switch status {
        case .active: [NextAction("apply", .post, "/api/gigs/\(id)/apply", by: [.worker])]
        case .draft, .closed: [NextAction("publish", .patch, "/api/gigs/\(id)", by: [.client])]
        }
    }

    var view: GigView {
        GigView(
            id: id, ownerUserID: ownerID, title: title, description: description, scope: scope, rateCents: rateCents,
            status: status, createdAt: createdAt, updatedAt: updatedAt, nextActions: nextActions)
    }

    func event(_ name: EventName) -> Event {
        var writer = JSONWriter()
        view.write(to: &writer)
        return Event(name, of: id, sequence: version, to: [ownerID], data: .encoded(writer.bytes), at: updatedAt)
    }
}
