import SharedModels

/// The names of a catalogue that are known: each normal form once.
struct KnownNames<Kind: IdentifierKind>: Sendable {
    var ids: KnownIDs<Kind>
    private var names: [Identifier<Kind>: String] = [:]
    /// The first of each normal form.
    private var forms: [String: Identifier<Kind>] = [:]

    init(_ collection: DumpCollection) {
        ids = KnownIDs(collection)
    }

    subscript(id: Identifier<Kind>) -> String? { names[id] }

    /// Takes a name, or merges it into one that it only spells otherwise.
    ///
    /// - Returns: That one.
    mutating func add(_ row: NameRow<Kind>) -> Identifier<Kind>? {
        if let other = forms[row.normal] {
            ids.merge(row.id, into: other)
            return other
        }
        ids.accept(row.id)
        (forms[row.normal], names[row.id]) = (row.id, row.name)
        return nil
    }

    /// Merges a name into one that the installation has.
    mutating func merge(_ name: ImportedName<Kind>, into other: Identifier<Kind>) {
        ids.merge(name.id, into: other)
        names[other] = name.name
    }
}
