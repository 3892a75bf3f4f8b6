import SharedModels

/// `docs/configuration.md`: the declarations in a form for people who run the services.
package enum ConfigurationDocument {
    package static var text: String {
        let everywhere = [Set(ServiceName.allCases), Set(ServiceName.withDatabase)]
        let shared = everywhere.map { readers in
            Declared.all.map(\.declaration).filter { Set($0.readers) == readers }.map { row($0, for: nil) }
        }
        var text = introduction + section("Every service", shared[0])
        text += section("Every service with a database: all but web", shared[1])
        for service in ServiceName.allCases {
            let own = Declared.all(of: service).map(\.declaration).filter { !everywhere.contains(Set($0.readers)) }
            text += section(
                title(of: service), own.map { row($0, for: service) },
                otherwise: "Nothing but what every service reads.")
        }
        for reader in OutsideVariable.Reader.allCases {
            let own = OutsideVariable.all.filter { $0.reader == reader }
            text += section(
                reader.rawValue, own.map { "| `\($0.name)` | \($0.initial) | \($0.rule) | \($0.meaning) |\n" })
        }
        return text
    }

    /// What `guildhall-<service> --settings` prints.
    static func json(of service: ServiceName) -> JSONValue {
        [
            "service": .string(service.rawValue),
            "settings": .array(Declared.all(of: service).map { $0.declaration.json(for: service) }),
        ]
    }

    private static let introduction = """
        # Configuration

        <!-- Printed by `guildhallctl settings`; do not edit. A test fails when it is stale. -->

        All settings are environment variables, read once at start. An empty value counts as missing. A service with a bad
        setting, or with a variable that begins with `GUILDHALL_` and is not listed here, stops with one line that names it
        and says what would be right. `guildhall-<service> --settings` prints a service's part as JSON.

        `make up` writes `.local/env`. Put lines of your own into `.local/own.env`: they win. Both are read as data, a line
        `NAME=VALUE` each; nothing is expanded, and quotes are part of the value. Compose hands a service only the settings
        that its file names; add others in a file of your own. A service is given the secrets that it reads, and no others.

        What holds outside development holds whenever `GUILDHALL_ENVIRONMENT` is not `development`.

        """

    private static func title(of service: ServiceName) -> String {
        service == .sandbox ? "sandbox (development only)" : service.rawValue
    }

    private static func section(_ title: String, _ rows: [String], otherwise: String = "") -> String {
        guard !rows.isEmpty else { return "\n## \(title)\n\n\(otherwise)\n" }
        return "\n## \(title)\n\n| Name | When not set | Form | What it is |\n| --- | --- | --- | --- |\n"
            + rows.joined()
    }

    /// - Parameter service: The service that the row is about; `nil` when all services share it.
    private static func row(_ setting: SettingDeclaration, for service: ServiceName?) -> String {
        let isRequired = service.map(setting.requirers.contains) ?? !setting.requirers.isEmpty
        let absence = isRequired ? "required" : setting.initial.map { "`\($0)`" } ?? setting.consequence ?? ""
        let fence = setting.fence.map { " Outside development it \($0.rule)." } ?? ""
        let form = setting.rule + (setting.isSecret ? "; secret" : "")
        return "| `\(setting.name)` | \(absence) | \(form) | \(setting.meaning)\(fence) |\n"
    }
}
