import Postgres
import SharedModels

/// A piece of work that a client offers.
struct Gig: Sendable, Equatable {
    let id: GigID
    let ownerID: AccountID
    var title: String
    var description: String?
    var scope: String?
    /// For one hour; `nil` when it is open to negotiation.
    var rate: Money?
    var status: GigStatus
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

extension Gig {
    /// Everybody can see active gigs. Only the owner can see drafts and closed ones.
    func isVisible(to account: AccountID) -> Bool { status == .active || ownerID == account }

    /// About how many bytes it has.
    var bytes: Int { 200 + title.utf8.count + (description?.utf8.count ?? 0) + (scope?.utf8.count ?? 0) }

    /// The gig after its owner's change, or the same gig when nothing changes.
    func applying(_ update: GigUpdate, at now: Timestamp) -> Gig {
        var changed = self
        if let title = update.title { changed.title = title }
        changed.description = update.description.applied(to: description)
        changed.scope = update.scope.applied(to: scope)
        changed.rate = update.rateCents.applied(to: rate?.minorUnits).map(Money.usd(cents:))
        if let status = update.status { changed.status = status }
        // Compared as bytes, because Swift treats two spellings of one character as equal.
        guard Encoded<GigView>(changed).bytes != Encoded<GigView>(self).bytes else { return self }
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    func announcement<E: Event>(_ event: E.Type) -> Announcement where E.Content == GigView {
        let gig = Encoded<GigView> { write(to: &$0, isDeleted: event == GigDeleted.self) }
        return Announcement(event, of: id, sequence: version, to: [ownerID], gig, at: updatedAt)
            .adding(.milestoneCapture)
    }
}

extension Gig: JSONWritable {
    func write(to writer: inout JSONWriter) { write(to: &writer, isDeleted: false) }
}

extension Gig: GigSource {
    func write(_ column: GigColumn, to writer: inout JSONWriter) {
        switch column {
        case .id: writer.value(id)
        case .ownerID: writer.value(ownerID)
        case .title: writer.value(title)
        case .description: writer.value(optional: description)
        case .scope: writer.value(optional: scope)
        case .rateCents: if let rate { writer.value(rate.minorUnits) } else { writer.null() }
        case .status: writer.value(status.rawValue)
        case .version: writer.value(version)
        case .createdAt: writer.value(createdAt)
        case .updatedAt: writer.value(updatedAt)
        }
    }
}
