import SharedModels

/// What is known of an export while it is read.
struct DumpWorld: Sendable {
    /// Whether the installation goes on with the original's Stripe account.
    let usesSameStripe: Bool

    var users = KnownIDs<AccountKind>(.users)
    /// What each accepted user is.
    var types: [AccountID: UserType] = [:]
    var addresses: Set<String> = []
    var categories = KnownNames<CategoryKind>(.categories)
    var skills = KnownNames<SkillKind>(.skills)
    var jobs = KnownIDs<GigKind>(.jobs)
    /// The accepted ones.
    var jobFacts: [GigID: JobFacts] = [:]
    /// Those with a contract that is not canceled.
    var boundJobs: Set<GigID> = []
    var contractNumbers: Set<String> = []
    var contracts = KnownIDs<ContractKind>(.contracts)
    /// The accepted ones.
    var contractFacts: [ContractID: ImportedContract] = [:]
    var escrows = KnownIDs<CheckoutKind>(.escrows)
    /// The payments that are imported, by their contracts.
    var payments: [ContractID: CheckoutID] = [:]
    /// Those that have found their contracts.
    var takenPayments: Set<CheckoutID> = []
    var conversations = KnownIDs<ConversationKind>(.conversations)
    /// The members of each accepted conversation.
    var members: [ConversationID: Set<AccountID>] = [:]

    struct JobFacts: Sendable {
        let clientID: AccountID
        let title: String
    }

    init(usesSameStripe: Bool) {
        self.usesSameStripe = usesSameStripe
    }

    /// The id of an accepted user of a type.
    func user(_ field: String, _ type: UserType, _ fields: DumpFields) -> AccountID? {
        guard let id = fields.reference(field, in: users) else { return nil }
        guard let known = types[id], known != type else { return id }
        fields.refuse(
            field, "is \(id.objectID), which is \(known.rawValue.withArticle) and not \(type.rawValue.withArticle)")
        return nil
    }
}
