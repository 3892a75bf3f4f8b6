import SharedModels

/// The columns of the table `gigs`, in the order in which every statement selects them.
enum GigColumn: Int {
    case id, ownerID, title, description, scope, rateCents, status, version, createdAt, updatedAt
}

/// Whatever a `GigView` can be written from: a ``Gig``, or a row as PostgreSQL answered it (``ListedGig``).
protocol GigSource {
    associatedtype Failure: Error

    var id: GigID { get throws(Failure) }
    var status: GigStatus { get }
    /// Writes the value of a column.
    func write(_ column: GigColumn, to writer: inout JSONWriter) throws(Failure)
}

extension GigSource {
    /// Writes a `GigView` without making one: a page of twenty is the hottest answer of all.
    ///
    /// - Parameter isDeleted: With a gig that is deleted nothing more can be done.
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
    /// What may be done next, as JSON around the gig's id: a page of twenty has it twenty times. The owner may move a
    /// gig between any two states; only the two that lead on are named.
    fileprivate var nextActions: (StaticString, StaticString) {
        switch self {
        case .active:
            (
                #"[{"action":"apply","method":"POST","href":"/api/gigs/"#,
                #"/apply","by":["worker"],"deadline":null}]"#
            )
        case .draft, .closed:
            (
                #"[{"action":"publish","method":"PATCH","href":"/api/gigs/"#,
                #"","by":["client"],"deadline":null}]"#
            )
        }
    }
}
