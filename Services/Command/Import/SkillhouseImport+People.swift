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
        var profiles: [AccountID: Item<ImportedProfile>] = [:]
        let collections: [(DumpCollection, UserType)] = [
            (.freelancerProfiles, .freelancer), (.clientProfiles, .client),
        ]
        for (collection, type) in collections {
            try await read(collection) { fields in
                guard let row = ProfileRow(fields, type, world) else { return false }
                let id = row.profile.userID
                guard profiles[id] == nil else {
                    fields.refuse("userId", "has another profile")
                    return false
                }
                profiles[id] = Item(row: fields.row, thing: row.profile)
                return true
            }
        }
        var items: [Item<ImportedProfile>] = []
        for person in people {
            let known = profiles[person.id]
            var profile =
                known?.thing
                ?? ImportedProfile(of: person.id, createdAt: person.createdAt, updatedAt: person.createdAt)
            profile.pictureURL = profile.pictureURL ?? person.picture
            items.append(Item(row: known?.row, thing: profile))
            try await send(&items, isLast: false, as: ImportBatch.profiles)
        }
        try await send(&items, isLast: true, as: ImportBatch.profiles)
    }
}

// The catalogue.
extension SkillhouseImport {
    func bringCategories() async throws {
        var items: [Item<ImportedCategory>] = []
        try await read(.categories) { fields in
            guard let row = NameRow(fields, world.categories) else {
                if let id = fields.row.id.flatMap({ CategoryID($0) }), !world.categories.contains(id) {
                    world.categories.refuse(id)
                }
                return false
            }
            if let other = world.categoryForms[row.normal] {
                world.categories.merge(row.id, into: other)
                report.count(.merged(into: other.objectID), of: fields.row)
                return true
            }
            world.categories.accept(row.id)
            world.categoryForms[row.normal] = row.id
            world.categoryNames[row.id] = row.name
            items.append(
                Item(
                    row: fields.row,
                    thing: ImportedCategory(
                        id: row.id, name: row.name, isListed: row.isListed, createdAt: row.created,
                        updatedAt: row.updated)))
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.categories) { category, outcome in
            switch outcome.result {
            case .refused: world.categories.refuse(category.id)
            case .merged:
                guard let other = outcome.insteadID.flatMap({ CategoryID($0) }) else { return }
                world.categories.merge(category.id, into: other)
                world.categoryNames[other] = category.name
            case .imported, .present: break
            }
        }
    }

    func bringSkills() async throws {
        var items: [Item<ImportedSkill>] = []
        try await read(.skills) { fields in
            guard let row = NameRow(fields, world.skills) else {
                if let id = fields.row.id.flatMap({ SkillID($0) }), !world.skills.contains(id) {
                    world.skills.refuse(id)
                }
                return false
            }
            if let other = world.skillForms[row.normal] {
                world.skills.merge(row.id, into: other)
                report.count(.merged(into: other.objectID), of: fields.row)
                return true
            }
            world.skills.accept(row.id)
            world.skillForms[row.normal] = row.id
            world.skillNames[row.id] = row.name
            items.append(
                Item(
                    row: fields.row,
                    thing: ImportedSkill(
                        id: row.id, name: row.name, isListed: row.isListed, createdAt: row.created,
                        updatedAt: row.updated)))
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.skills) { skill, outcome in
            switch outcome.result {
            case .refused: world.skills.refuse(skill.id)
            case .merged:
                guard let other = outcome.insteadID.flatMap({ SkillID($0) }) else { return }
                world.skills.merge(skill.id, into: other)
                world.skillNames[other] = skill.name
            case .imported, .present: break
            }
        }
    }
}
