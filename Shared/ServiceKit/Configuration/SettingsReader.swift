import Configuration
import SharedModels

/// Reads a service's settings from its environment, once, at start.
///
/// Its initializer checks every value that the service declares, read or not, and every name with our prefix. It throws
/// a ``BadSetting``, whose text is the one line that the service prints before it stops. An empty value counts as
/// missing.
package struct SettingsReader: Sendable {
    package let service: ServiceName
    /// Whether the conveniences of development are allowed.
    package let isDevelopment: Bool
    /// Whether real people use it. Neither development nor, say, `staging`.
    package let isProduction: Bool
    private let names: Set<String>
    private let configuration: ConfigReader

    package init(_ service: ServiceName, _ environment: [String: String]) throws(BadSetting) {
        self.service = service
        names = Set(environment.keys)
        let secrets = Set(Declared.all.map(\.declaration).filter(\.isSecret).map(\.name))
        configuration = ConfigReader(
            provider: EnvironmentVariablesProvider(
                environmentVariables: environment, secretsSpecifier: .specific(secrets)))
        let named = environment[Declared.every.environment.name].flatMap { $0.isEmpty ? nil : $0 }
        isDevelopment = named == "development"
        isProduction = (named ?? Declared.every.environment.declaration.initial) == "production"
        try refuseUnknownNames()
        for setting in Declared.all(of: service) { try check(setting) }
        if service == .sandbox, !isDevelopment {
            throw BadSetting(
                Declared.every.environment.name,
                "must be development for the sandbox, which lets anybody in as anybody: run it nowhere else")
        }
    }

    /// A setting that is required or has its own default.
    package func value<Value>(_ setting: Setting<Value>) throws(BadSetting) -> Value {
        if let value = optional(setting) { return value }
        guard let value = setting.declaration.initial.flatMap(setting.form.read) else { throw missing(setting) }
        return value
    }

    /// A setting whose default follows from other settings.
    package func value<Value>(_ setting: Setting<Value>, default initial: Value) -> Value {
        optional(setting) ?? initial
    }

    /// A setting that may be missing in development only.
    package func value<Value>(_ setting: Setting<Value>, inDevelopment initial: Value) throws(BadSetting) -> Value {
        if let value = optional(setting) { return value }
        guard isDevelopment else { throw missing(setting) }
        return initial
    }

    package func optional<Value>(_ setting: Setting<Value>) -> Value? {
        precondition(setting.declaration.readers.contains(service), "\(setting.name) is not declared for \(service)")
        return text(of: setting.declaration).flatMap(setting.form.read)
    }

    private func text(of setting: SettingDeclaration) -> String? {
        let text = configuration.string(forKey: ConfigKey([setting.name]), isSecret: setting.isSecret)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func check(_ setting: any AnySetting) throws(BadSetting) {
        let declaration = setting.declaration
        guard let text = text(of: declaration) else { return }
        if let fault = setting.fault(in: text) { throw BadSetting(declaration.name, fault) }
        guard !isDevelopment, let fault = declaration.fence?.fault(text) else { return }
        throw BadSetting(declaration.name, fault)
    }

    private func refuseUnknownNames() throws(BadSetting) {
        let known = Declared.names
        let unknown = names.filter { $0.hasPrefix("GUILDHALL_") && !known.contains($0) }.sorted()
        guard let name = unknown.first else { return }
        throw BadSetting(name, Self.unknown(name, among: known.filter { $0.hasPrefix("GUILDHALL_") }))
    }

    static func unknown(_ name: String, among known: some Sequence<String>) -> String {
        guard let near = NearMiss.nearest(to: name, among: known) else {
            return "is not a setting; docs/configuration.md lists them"
        }
        return "is not a setting; did you mean \(near)?"
    }

    private func missing<Value>(_ setting: Setting<Value>) -> BadSetting {
        let others = names.subtracting(Declared.names)
        let near = NearMiss.nearest(to: setting.name, among: others)
        return BadSetting(
            setting.name,
            "is missing; it must be \(setting.form.rule)"
                + (near.map { " (is \($0), which is set, meant for it?)" } ?? ""))
    }
}

/// A setting that keeps a service from starting.
package struct BadSetting: Error, Equatable, CustomStringConvertible {
    package let name: String
    package let problem: String

    package init(_ name: String, _ problem: String) {
        self.name = name
        self.problem = problem
    }

    /// One line, for every possible value.
    package var description: String {
        "setting \(name) \(problem)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
