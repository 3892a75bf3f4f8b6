import SharedModels

extension Catalogue {
    /// Every type that crosses a process boundary as a JSON body, once.
    static let models: [any Model.Type] = {
        var seen: Set<ObjectIdentifier> = []
        return all.flatMap { [$0.input, $0.output] }
            .compactMap { $0 as? any Model.Type }
            .filter { seen.insert(ObjectIdentifier($0)).inserted }
    }()
}

extension SharedModels.Operation {
    var line: String { "\(method.rawValue) \(path)" }

    /// The rule for accounts; `nil` for endpoints that are open to everybody or to our services only.
    var rule: AccountRule? {
        if case .account(let rule) = access { rule } else { nil }
    }

    var isForAnyone: Bool {
        if case .anyone = access { true } else { false }
    }

    var isForServices: Bool { !callers.isEmpty || isForOperator }

    var isForOperator: Bool {
        if case .operator = access { true } else { false }
    }

    /// The services that may call it.
    var callers: Set<ServiceName> {
        if case .service(let callers) = access { callers } else { [] }
    }
}

extension Schema {
    /// The members of an object, empty for anything else.
    var properties: [ObjectSchema.Property] {
        if case .object(let object) = self { object.properties } else { [] }
    }
}
