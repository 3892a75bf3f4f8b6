import SharedModels

/// All settings.
package enum Declared {
    package static let every = EveryServiceSettings()
    package static let signIn = SignInSettings()
    package static let files = FileSettings()
    package static let deals = DealSettings()
    package static let matching = MatchSettings()
    package static let stripe = StripeSettings()
    package static let sending = SendingSettings()
    package static let sandbox = SandboxOnlySettings()

    /// The settings that services read.
    package static let all: [any AnySetting] = {
        let groups: [any Sendable] = [every, signIn, files, deals, matching, stripe, sending, sandbox]
        return groups.flatMap(members)
    }()

    package static func all(of service: ServiceName) -> [any AnySetting] {
        all.filter { $0.declaration.readers.contains(service) }
    }

    /// Every name that a service or its surroundings read.
    static let names = Set(all.map(\.declaration.name) + OutsideVariable.all.map(\.name))

    /// A group's stored properties are its settings, so no second list has to be kept.
    private static func members(of group: any Sendable) -> [any AnySetting] {
        Mirror(reflecting: group).children.flatMap { child in
            if let setting = child.value as? any AnySetting { return [setting] }
            return child.value as? [any AnySetting] ?? []
        }
    }
}
