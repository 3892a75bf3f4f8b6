import Postgres
import SharedModels

/// A piece of work that a client offers.
typealias Gig = GigRecord<String>

/// A gig of a list: its texts are written from PostgreSQL's answer without being copied out of it first.
typealias ListedGig = GigRecord<RowText>

struct GigRecord<Text: JSONWritable>: Sendable {
    let id: GigID
    let ownerID: AccountID
    var title: Text
    var description: Text?
    var scope: Text?
    /// US cents per hour; `nil` is open to negotiation.
    var rateCents: Int64?
    var status: GigStatus
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

extension GigRecord: Equatable where Text: Equatable {}

extension Gig {
    /// Active gigs are everybody's; drafts and closed ones are their owner's alone.
    func isVisible(to account: AccountID) -> Bool { status == .active || ownerID == account }

    /// The gig after its owner's change; as it was when that changes nothing.
    func applying(_ update: GigUpdate, at now: Timestamp) -> Gig {
        var changed = self
        if let title = update.title { changed.title = title }
        changed.description = update.description.applied(to: description)
        changed.scope = update.scope.applied(to: scope)
        changed.rateCents = update.rateCents.applied(to: rateCents)
        if let status = update.status { changed.status = status }
        // Compared as bytes: to Swift, two spellings of one character are equal.
        guard Encoded<GigView>(changed).bytes != Encoded<GigView>(self).bytes else { return self }
        changed.version += 1
        changed.updatedAt = now
        return changed
    }

    func event(_ name: EventName) -> Event {
        let data = Encoded<GigView> { write(to: &$0, next: name == .gigDeleted ? nil : nextStep) }
        return Event(name, of: id, sequence: version, to: [ownerID], data: data, at: updatedAt)
    }
}

extension GigRecord: JSONWritable {
    private typealias Step = (action: StaticString, method: Method, pathEnd: StaticString, role: PartyRole)

    private static var path: StaticString { "/api/gigs/" }

    /// What may be done next. The owner may move a gig between any two states; only the two that lead on are named.
    private var nextStep: Step {
        switch status {
        case .active: ("apply", .post, "/apply", .worker)
        case .draft, .closed: ("publish", .patch, "", .client)
        }
    }

    /// Writes a `GigView` without making one: a page of twenty is the hottest answer of all.
    func write(to writer: inout JSONWriter) { write(to: &writer, next: nextStep) }

    /// - Parameter step: `nil` for a gig that is deleted.
    private func write(to writer: inout JSONWriter, next step: Step?) {
        writer.beginObject()
        writer.key("id"); writer.value(id)
        writer.key("owner_user_id"); writer.value(ownerID)
        writer.key("title"); title.write(to: &writer)
        writer.key("description"); description.write(to: &writer)
        writer.key("scope"); scope.write(to: &writer)
        writer.key("rate_cents")
        if let rateCents { writer.value(rateCents) } else { writer.null() }
        writer.key("status"); writer.value(status.rawValue)
        writer.key("created_at"); writer.value(createdAt)
        writer.key("updated_at"); writer.value(updatedAt)
        writer.key("next_actions")
        writer.beginArray()
        if let step {
            writer.beginObject()
            writer.key("action"); writer.value(step.action)
            writer.key("method"); writer.value(step.method.rawValue)
            writer.key("href"); writer.value(Self.path, id, step.pathEnd)
            writer.key("by"); writer.beginArray(); writer.value(step.role.rawValue); writer.endArray()
            writer.key("deadline"); writer.null()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
