import SharedModels

/// What of a collection can be referred to, and what cannot: whatever depends on a refused thing is refused, too.
struct KnownIDs<Kind: IdentifierKind>: Sendable {
    let collection: DumpCollection
    private var accepted: Set<Identifier<Kind>> = []
    private var refused: Set<Identifier<Kind>> = []
    private var merged: [Identifier<Kind>: Identifier<Kind>] = [:]

    init(_ collection: DumpCollection) {
        self.collection = collection
    }

    func contains(_ id: Identifier<Kind>) -> Bool { accepted.contains(id) }

    mutating func accept(_ id: Identifier<Kind>) { accepted.insert(id) }

    mutating func refuse(_ id: Identifier<Kind>) {
        accepted.remove(id)
        refused.insert(id)
    }

    mutating func merge(_ id: Identifier<Kind>, into other: Identifier<Kind>) {
        accepted.remove(id)
        merged[id] = other
        // It stands for itself, also when it was merged into another one before.
        merged[other] = nil
        accepted.insert(other)
    }

    /// The id of what stands for `id`.
    func resolved(_ id: Identifier<Kind>) -> Identifier<Kind>? {
        let last = last(after: id)
        return accepted.contains(last) ? last : nil
    }

    /// What `id` was merged into in the end: one of the export may be merged into another one of it, and that into what is
    /// there.
    private func last(after id: Identifier<Kind>) -> Identifier<Kind> {
        var last = id
        while let other = merged[last] { last = other }
        return last
    }

    /// Why `id` cannot be referred to.
    func whyNot(_ id: Identifier<Kind>) -> String {
        refused.contains(last(after: id))
            ? "is \(id.objectID), which was refused in \(collection.rawValue)"
            : "is \(id.objectID), which is not in \(collection.rawValue)"
    }
}

extension DumpFields {
    /// The id of something that was accepted.
    func reference<Kind>(_ field: String, in known: KnownIDs<Kind>) -> Identifier<Kind>? {
        guard let id: Identifier<Kind> = self.id(field) else { return nil }
        if let found = known.resolved(id) { return found }
        refuse(field, known.whyNot(id))
        return nil
    }
}
