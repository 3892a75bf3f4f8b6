import SharedModels

/// What is read of `users`.
struct UserRow: Sendable {
    let user: ImportedUser
    /// A URL at another site.
    let picture: String?

    init?(_ fields: DumpFields, _ world: DumpWorld) {
        let id: AccountID? = fields.id()
        let type = Self.userType(fields)
        let name = PersonName.cleaned(fields.text("name", 1...1000))
        if name == nil, fields.problems.isEmpty { fields.refuse("name", "has nothing that can be seen") }
        let email = Self.email(fields, world)
        let hash = Self.hash(fields)
        let status: Status? = fields.choice("status", default: .active)
        picture = fields.link("profilePic")
        guard fields.problems.isEmpty, let id, let type, let name, let email, let status else { return nil }
        user = ImportedUser(
            id: id, userType: type, name: name, email: email, passwordHash: hash, mobile: Self.mobile(fields),
            isBlocked: status == .blocked, createdAt: fields.created)
    }

    private enum Status: String, CaseIterable {
        case active, blocked
    }

    private static func userType(_ fields: DumpFields) -> UserType? {
        switch fields.choice("role", Role.self) {
        case .client: return .client
        case .freelancer: return .freelancer
        case .admin:
            fields.refuse("role", "is admin: the admin is who ADMIN_EMAIL names, and nobody else")
            return nil
        case nil: return nil
        }
    }

    private static func email(_ fields: DumpFields, _ world: DumpWorld) -> String? {
        guard let email = fields.text("email", 3...254)?.lowercased() else { return nil }
        guard StringFormat.email.accepts(email) else {
            fields.refuse("email", "is no mail address")
            return nil
        }
        guard !world.addresses.contains(email) else {
            fields.refuse("email", "is another user's, too (case does not count)")
            return nil
        }
        return email
    }

    /// `nil` for who signs in with Google alone.
    private static func hash(_ fields: DumpFields) -> String? {
        guard let hash = fields.textIfPresent("password", atMost: 200) else {
            if !fields.flag("isGoogleAuth") {
                fields.note("password", "is missing: the user signs in with Google, with the same address")
            }
            return nil
        }
        guard BcryptText.isReadable(hash) else {
            fields.refuse("password", "is no bcrypt hash ($2a$, $2b$ or $2y$, cost 4 to 15)")
            return nil
        }
        return hash
    }

    private static func mobile(_ fields: DumpFields) -> String? {
        guard let value = fields.value("mobile"), value != "" else { return nil }
        let text = value.string?.trimmed ?? value.mongoWhole.map { "\($0)" } ?? ""
        guard (1...30).contains(text.unicodeScalars.count), PhoneNumber.isValid(text) else {
            fields.note("mobile", "is no telephone number, and is left out")
            return nil
        }
        return text
    }
}

/// What is read of `freelancerprofiles` and `clientprofiles`.
struct ProfileRow: Sendable {
    let profile: ImportedProfile

    init?(_ fields: DumpFields, _ type: UserType, _ world: DumpWorld) {
        guard let id = world.user("userId", type, fields) else { return nil }
        var profile = ImportedProfile(of: id, createdAt: fields.created, updatedAt: fields.updated)
        profile.name = PersonName.cleaned(fields.textIfPresent("firstName", atMost: 1000))
        profile.pictureURL = fields.link("profilePic")
        profile.city = fields.textIfPresent("city", atMost: 100) ?? ""
        profile.state = fields.textIfPresent("state", atMost: 100) ?? ""
        profile.isCompleted = fields.flag("profileCompleted")
        if type == .freelancer { Self.read(fields, world, into: &profile) }
        guard fields.problems.isEmpty else { return nil }
        self.profile = profile
    }

    private static func read(_ fields: DumpFields, _ world: DumpWorld, into profile: inout ImportedProfile) {
        profile.title = fields.textIfPresent("title", atMost: 200)
        profile.bio = fields.textIfPresent("bio", atMost: 5000)
        profile.country = fields.textIfPresent("country", atMost: 100) ?? ""
        profile.zip = fields.value("zip")?.mongoWhole.map { "\($0)" } ?? fields.textIfPresent("zip", atMost: 20) ?? ""
        profile.skills = skills(fields, world)
        if let id: CategoryID = fields.idIfPresent("jobCategory") {
            if let known = world.categories.ids.resolved(id), let name = world.categories[known] {
                (profile.categoryID, profile.categoryName) = (known, name)
            } else {
                fields.note("jobCategory", "\(world.categories.ids.whyNot(id)), and is left out")
            }
        }
        profile.experienceLevel = fields.choice("experienceLevel", default: .beginner) ?? .beginner
        profile.languages = fields.texts("language", most: 30, longest: 50)
        profile.college = fields.textIfPresent("education.college", atMost: 200) ?? ""
        profile.course = fields.textIfPresent("education.course", atMost: 200) ?? ""
        profile.employment = fields.items("employmentHistory", most: 50) { job in
            guard job.object != nil, case let company = (job["company"]?.string ?? "").trimmed, company.count <= 200
            else { return nil }
            return Employment(
                company: company, position: String((job["position"]?.string ?? "").prefix(200)),
                duration: String((job["duration"]?.string ?? "").prefix(100)))
        }.filter { "\($0.company)\($0.position)\($0.duration)".hasVisibleCharacter }
        profile.portfolio = fields.items("portfolio", most: 50) { item in
            guard let name = item["name"]?.string?.trimmed, (1...200).contains(name.count),
                let url = item["imageUrl"]?.string, url.utf8.count <= 2048, StringFormat.uri.accepts(url)
            else { return nil }
            return ImportedPortfolioItem(name: name, imageURL: url)
        }
        profile.githubURL = fields.link("linkedAccounts.github")
        profile.linkedInURL = fields.link("linkedAccounts.linkedIn")
        profile.websiteURL = fields.link("linkedAccounts.website")
    }

    private static func skills(_ fields: DumpFields, _ world: DumpWorld) -> [ImportedProfileSkill] {
        var seen: Set<SkillID> = []
        return fields.ids("skills", in: world.skills.ids, most: 100).compactMap { id in
            guard let name = world.skills[id], seen.insert(id).inserted else { return nil }
            return ImportedProfileSkill(id: id, name: name)
        }
    }
}
