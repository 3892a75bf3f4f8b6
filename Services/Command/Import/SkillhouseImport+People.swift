import SharedModels

/// A user whose profile is to be brought.
struct ImportedPerson: Sendable {
    let id: AccountID
    let picture: String?
    let createdAt: Timestamp
}

extension SkillhouseImport {
    func bringUsers() async throws -> [ImportedPerson] {
        var (items, people): ([Item<ImportedUser>], [ImportedPerson]) = ([], [])
        try await read(.users) { fields in
            guard let row = UserRow(fields, world) else {
                if let id = fields.row.id.flatMap({ AccountID($0) }), !world.users.contains(id) {
                    world.users.refuse(id)
                }
                return false
            }
            let user = row.user
            world.users.accept(user.id)
            world.types[user.id] = user.userType
            world.addresses.insert(user.email)
            people.append(ImportedPerson(id: user.id, picture: row.picture, createdAt: user.createdAt))
            items.append(Item(row: fields.row, thing: user))
            try await sendUsers(&items, isLast: false)
            return true
        }
        try await sendUsers(&items, isLast: true)
        return people.filter { world.users.contains($0.id) }
    }

    private func sendUsers(_ items: inout [Item<ImportedUser>], isLast: Bool) async throws {
        try await send(&items, isLast: isLast, as: ImportBatch.users) { user, outcome in
            if outcome.result == .refused { world.users.refuse(user.id) }
        }
    }

    func bringProfiles(of people: [ImportedPerson]) async throws {
        let pictures = Dictionary(
            people.compactMap { person in person.picture.map { (person.id, $0) } }, uniquingKeysWith: { $1 })
        let collections: [(DumpCollection, UserType)] = [
            (.freelancerProfiles, .freelancer), (.clientProfiles, .client),
        ]
        var (items, owners): ([Item<ImportedProfile>], Set<AccountID>) = ([], [])
        for (collection, type) in collections {
            try await read(collection) { fields in
                guard var profile = ProfileRow(fields, type, world)?.profile else { return false }
                guard owners.insert(profile.userID).inserted else {
                    fields.refuse("userId", "has another profile")
                    return false
                }
                profile.pictureURL = profile.pictureURL ?? pictures[profile.userID]
                items.append(Item(row: fields.row, thing: profile))
                try await send(&items, isLast: false, as: ImportBatch.profiles)
                return true
            }
        }
        for person in people where !owners.contains(person.id) {
            var profile = ImportedProfile(of: person.id, createdAt: person.createdAt, updatedAt: person.createdAt)
            profile.pictureURL = person.picture
            items.append(Item(row: nil, thing: profile))
            try await send(&items, isLast: false, as: ImportBatch.profiles)
        }
        try await send(&items, isLast: true, as: ImportBatch.profiles)
    }
}

// The catalogue.
extension SkillhouseImport {
    /// A spelling of a name that was read before, or that is there already, is merged into that.
    func bringNames<Kind>(
        _ collection: DumpCollection, _ known: WritableKeyPath<DumpWorld, KnownNames<Kind>>,
        as batch: ([ImportedName<Kind>]) -> ImportBatch
    ) async throws {
        var items: [Item<ImportedName<Kind>>] = []
        try await read(collection) { fields in
            guard let row = NameRow<Kind>(fields) else {
                if let id = fields.row.id.flatMap({ Identifier<Kind>($0) }), !world[keyPath: known].ids.contains(id) {
                    world[keyPath: known].ids.refuse(id)
                }
                return false
            }
            if let other = world[keyPath: known].add(row) {
                report.count(.merged(into: other.objectID), of: fields.row)
            } else {
                items.append(Item(row: fields.row, thing: ImportedName(row)))
            }
            return true
        }
        try await send(&items, isLast: true, as: batch) { name, outcome in
            switch outcome.result {
            case .refused: world[keyPath: known].ids.refuse(name.id)
            case .merged:
                guard let other = outcome.insteadID.flatMap({ Identifier<Kind>($0) }) else { return }
                world[keyPath: known].merge(name, into: other)
            case .imported, .present: break
            }
        }
    }
}

extension ImportedName {
    fileprivate init(_ row: NameRow<Kind>) {
        self.init(id: row.id, name: row.name, isListed: row.isListed, createdAt: row.created, updatedAt: row.updated)
    }
}
