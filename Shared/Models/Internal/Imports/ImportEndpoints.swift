extension Endpoint where Output == ImportAnswer {
    /// An endpoint that takes things of another Skillhouse over, each under the id that it has there. What is there
    /// already stays as it is, so that a repeat changes nothing.
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

    public let users = Endpoint<ImportedUsers, ImportAnswer>.importing("users", of: Self.self)
}

/// `/internal/import` of talent.
public struct ProfileImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.talent

    public let profiles = Endpoint<ImportedProfiles, ImportAnswer>.importing("profiles", of: Self.self)
    public let records = Endpoint<ImportedRecords, ImportAnswer>.importing("records", of: Self.self)
}

/// `/internal/import` of jobs.
public struct JobImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.jobs

    public let categories = Endpoint<ImportedCategories, ImportAnswer>.importing("categories", of: Self.self)
    public let skills = Endpoint<ImportedSkills, ImportAnswer>.importing("skills", of: Self.self)
    public let jobs = Endpoint<ImportedJobs, ImportAnswer>.importing("jobs", of: Self.self)
    public let applications = Endpoint<ImportedApplications, ImportAnswer>.importing("applications", of: Self.self)
}

/// `/internal/import` of contracts.
public struct ContractImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.contracts

    public let contracts = Endpoint<ImportedContracts, ImportAnswer>.importing("contracts", of: Self.self)
    public let reviews = Endpoint<ImportedReviews, ImportAnswer>.importing("reviews", of: Self.self)
}

/// `/internal/import` of payments.
public struct MoneyImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.payments

    public let escrows = Endpoint<ImportedEscrows, ImportAnswer>.importing("escrows", of: Self.self)
    public let wallets = Endpoint<ImportedWallets, ImportAnswer>.importing("wallets", of: Self.self)
}

/// `/internal/import` of messages.
public struct ChatImport: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.messages

    public let conversations = Endpoint<ImportedConversations, ImportAnswer>.importing("conversations", of: Self.self)
    public let messages = Endpoint<ImportedMessages, ImportAnswer>.importing("messages", of: Self.self)
}
