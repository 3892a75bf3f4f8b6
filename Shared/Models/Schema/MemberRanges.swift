/// How small and how large the numbers in answers and events are.
///
/// A table by the member's name in Swift, as `MemberDescriptions` has one: most names mean the same in every type. A
/// number that callers send has a ``MemberRule`` instead, because a request is held to it. The database holds the
/// numbers to most of these, and the journeys hold every answer to all of them.
enum MemberRanges {
    /// - Parameter type: The name of the type that has the member.
    static func range(of member: String, in type: String?) -> ClosedRange<Int64>? {
        type.flatMap { ofOneType["\($0).\(member)"] } ?? ofAllTypes[member]
    }

    /// What cannot be negative, and has no bound of its own above.
    private static let anyNumber = 0...Schema.largestInteger
    private static let percent: ClosedRange<Int64> = 0...100

    /// For members whose name means something else elsewhere.
    private static let ofOneType: [String: ClosedRange<Int64>] = [
        "CheckoutNews.amountMinor": anyNumber, "CurrencyEarnings.balanceCents": Schema.integers,
        "GigApplicationCount.total": 0...1_000, "GigApplicationCount.undecided": 0...1_000,
        "DeliveryAttemptView.status": 100...999,
        "KeyRequestView.status": 100...599, "MatchedSkill.weight": 0...1, "NoticeList.unread": 0...1_000,
        // It is nothing but an amount.
        "RupeesAnswer.data": anyNumber,
    ]

    private static let ofAllTypes: [String: ClosedRange<Int64>] = {
        var ranges: [String: ClosedRange<Int64>] = [
            "currentPage": 1...Schema.largestInteger, "page": 1...Schema.largestInteger, "perPage": 1...100,

            "hoursPerWeek": 0...168, "payoutDelayDays": 3...10, "roundNumber": 0...3, "rating": 1...5,
            "experienceYears": 0...80, "llmMonthlyLimit": 0...10_000, "confidence": 0...1,

            "ghostScore": percent, "matchScore": percent, "avgMatchScore": percent, "demandScore": percent,
            "score": percent, "weight": percent, "technical": percent, "cultural": percent, "experience": percent,

            "eventsWaiting": 0...10_000, "deadLetters": 0...10_000,
        ]
        for member in counts + money + times { ranges[member] = anyNumber }
        return ranges
    }()

    private static let counts = [
        "total", "count", "totalPages", "totalTransactions", "applicants", "jobsPosted", "stargazersCount", "llmUsed",
        "replayed", "read", "unreadCount", "itemsOverdue", "sequence", "creditsBalance",
        "totalReceived", "accepted", "created", "sent", "received", "activeUsers", "newProfiles", "thisWeek",
    ]

    private static let money = [
        "amountCents", "rateCents", "platformFeeCents", "transferCents", "workerCents", "returnedCents",
        "arbitrationFeeCents", "heldCents",
        "amount", "rate", "proposedRate", "grossAmount", "platformFee", "freelancerEarning", "clientRefund",
        "cardRefund", "balance", "balanceCents", "totalSpent", "totalRevenue", "platformEarnings", "freelancerEarnings",
    ]

    /// Durations, and seconds since 1970.
    private static let times = [
        "durationMs", "durationUs", "oldestEventSeconds", "oldestDeadLetterSeconds", "expiresIn", "exp", "iat",
        "clientIDIssuedAt", "clientSecretExpiresAt",
    ]
}

extension Schema {
    /// The same as an answer has it: each number that no rule narrows has the range that its name tells.
    var answered: Schema {
        switch self {
        case .object(var object):
            object.properties = object.properties.map { property in
                var property = property
                let range = MemberRanges.range(of: property.member, in: object.name)
                property.schema = range.map(property.schema.answered.within) ?? property.schema.answered
                return property
            }
            return .object(object)
        case .array(let element, let count): return .array(of: element.answered, count: count)
        case .nullable(let wrapped): return .nullable(wrapped.answered)
        case .string, .integer, .number, .amount, .boolean, .any: return self
        }
    }

    /// A number in that range; what is no number, or has a range, stays as it is.
    private func within(_ range: ClosedRange<Int64>) -> Schema {
        switch self {
        case .nullable(let wrapped): .nullable(wrapped.within(range))
        case .integer(let own) where own == Schema.integers: .integer(range)
        case .amount(let own, let decimals) where own == Schema.integers: .amount(range, decimals)
        case .number(nil): .number(range)
        default: self
        }
    }
}
