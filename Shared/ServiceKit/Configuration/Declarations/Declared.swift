import SharedModels

/// Every setting there is.
package enum Declared {
    package static let every = EveryServiceSettings()
    package static let signIn = SignInSettings()
    package static let files = FileSettings()
    package static let deals = DealSettings()
    package static let stripe = StripeSettings()
    package static let sending = SendingSettings()
    package static let sandbox = SandboxOnlySettings()

    /// Those that services read.
    package static let all: [any AnySetting] = {
        let groups: [any Sendable] = [every, signIn, files, deals, stripe, sending, sandbox]
        return groups.flatMap(members)
    }()

    package static func all(of service: ServiceName) -> [any AnySetting] {
        all.filter { $0.declaration.readers.contains(service) }
    }

    /// Every name that means something to a service or to what surrounds it.
    static let names = Set(all.map(\.declaration.name) + OutsideVariable.all.map(\.name))

    /// A group's stored properties are its settings: there is no second list to keep.
    private static func members(of group: any Sendable) -> [any AnySetting] {
        Mirror(reflecting: group).children.flatMap { child in
            if let setting = child.value as? any AnySetting { return [setting] }
            return child.value as? [any AnySetting] ?? []
        }
    }
}
