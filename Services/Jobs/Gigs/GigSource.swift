import SharedModels

/// The columns of the table `gigs`, in the order in which every statement selects them.
enum GigColumn: Int {
    case id, ownerID, title, description, scope, rateCents, status, version, createdAt, updatedAt
}

/// Anything that a `GigView` can be written from: a ``Gig``, or a row of PostgreSQL's answer (``ListedGig``).
protocol GigSource {
    associatedtype Failure: Error

    var id: GigID { get throws(Failure) }
    var status: GigStatus { get }
    /// Writes the value of a column.
    func write(_ column: GigColumn, to writer: inout JSONWriter) throws(Failure)
}

extension GigSource {
    /// Writes a `GigView` without creating one, because a page of twenty gigs is the most frequent answer.
    ///
    /// - Parameter isDeleted: Whether the gig is deleted, so that it allows no further action.
    func write(to writer: inout JSONWriter, isDeleted: Bool) throws(Failure) {
        writer.beginObject()
        writer.key("id"); try write(.id, to: &writer)
        writer.key("owner_user_id"); try write(.ownerID, to: &writer)
        writer.key("title"); try write(.title, to: &writer)
        writer.key("description"); try write(.description, to: &writer)
        writer.key("scope"); try write(.scope, to: &writer)
        writer.key("rate_cents"); try write(.rateCents, to: &writer)
        writer.key("status"); try write(.status, to: &writer)
        writer.key("created_at"); try write(.createdAt, to: &writer)
        writer.key("updated_at"); try write(.updatedAt, to: &writer)
        writer.key("next_actions")
        if isDeleted {
            writer.beginArray(); writer.endArray()
        } else {
            let (head, tail) = status.nextActions
            writer.raw(head, try id, tail)
        }
        writer.endObject()
    }
}

extension GigStatus {
    /// The possible next actions, as JSON around the gig's id, because a page of twenty contains them twenty times. The
    /// owner may move a gig between any two states; only the two usual moves are listed.
    fileprivate var nextActions: (StaticString, StaticString) {
        switch self {
        case .active:
            (
                #"[{"action":"apply","method":"POST","href":"/api/gigs/"#,
                #"/apply","by":["worker"],"deadline":null,"body":{"message":null}}]"#
            )
        case .draft, .closed:
            (
                #"[{"action":"publish","method":"PATCH","href":"/api/gigs/"#,
                #"","by":["client"],"deadline":null,"body":{"status":"active"}}]"#
            )
        }
    }
}
