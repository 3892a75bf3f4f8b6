extension Endpoint where Output == ImportAnswer {
    /// An endpoint that takes things of another Skillhouse over, each under the id that it has there. What is there
    /// already stays as it is, so that a repeat changes nothing. A rehearsal changes nothing at all.
    ///
    /// - Parameter name: What is imported, as in the path.
    static func importing(_ name: String, of group: any EndpointGroup.Type) -> Self {
        Self(
            "internal.import.\(name)", .post, "/internal/import/\(name)", of: group, access: .operator,
            largestBody: ImportLimit.body, "Take \(name) of another Skillhouse over")
    }
}

/// `/internal/import` of auth.
public struct UserImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.auth

    public let users = Endpoint<ImportedThings<ImportedUser>, ImportAnswer>.importing("users", of: Self.self)
}

/// `/internal/import` of talent.
public struct ProfileImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.talent

    public let profiles = Endpoint<ImportedThings<ImportedProfile>, ImportAnswer>.importing("profiles", of: Self.self)
    public let records = Endpoint<ImportedThings<ImportedRecord>, ImportAnswer>.importing("records", of: Self.self)
}

/// `/internal/import` of jobs.
public struct JobImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.jobs

    public let categories = Endpoint<ImportedThings<ImportedName<CategoryKind>>, ImportAnswer>.importing(
        "categories", of: Self.self)
    public let skills = Endpoint<ImportedThings<ImportedName<SkillKind>>, ImportAnswer>.importing(
        "skills", of: Self.self)
    public let jobs = Endpoint<ImportedThings<ImportedJob>, ImportAnswer>.importing("jobs", of: Self.self)
    public let applications = Endpoint<ImportedThings<ImportedApplication>, ImportAnswer>.importing(
        "applications", of: Self.self)
}

/// `/internal/import` of contracts.
public struct ContractImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.contracts

    public let contracts = Endpoint<ImportedThings<ImportedContract>, ImportAnswer>.importing(
        "contracts", of: Self.self)
    public let reviews = Endpoint<ImportedThings<ImportedReview>, ImportAnswer>.importing("reviews", of: Self.self)
}

/// `/internal/import` of payments.
public struct MoneyImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.payments

    public let escrows = Endpoint<ImportedThings<ImportedEscrow>, ImportAnswer>.importing("escrows", of: Self.self)
    public let wallets = Endpoint<ImportedThings<ImportedWallet>, ImportAnswer>.importing("wallets", of: Self.self)
}

/// `/internal/import` of messages.
public struct ChatImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.messages

    public let conversations = Endpoint<ImportedThings<ImportedConversation>, ImportAnswer>.importing(
        "conversations", of: Self.self)
    public let messages = Endpoint<ImportedThings<ImportedMessage>, ImportAnswer>.importing("messages", of: Self.self)
}

/// `/internal/import` of notifications.
public struct NoticeImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.notifications

    public let notices = Endpoint<ImportedThings<ImportedNotice>, ImportAnswer>.importing("notices", of: Self.self)
}
