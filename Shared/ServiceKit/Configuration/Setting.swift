import SharedModels

/// One setting, declared once: its name, its form, its meaning, and the services that read it.
///
/// The declarations are in `Declarations/`. ``SettingsReader`` reads values only through them, and
/// `docs/configuration.md` is printed from them (`docs/adding-a-setting.md`).
package struct Setting<Value: Sendable>: Sendable {
    package let declaration: SettingDeclaration
    let form: SettingForm<Value>

    package var name: String { declaration.name }

    /// - Parameters:
    ///   - initial: The value when it is not set, in the same form.
    ///   - consequence: What happens when it is not set, in words, if there is no such value.
    ///   - requirers: The services that need it. Without `default` and `without`, every service that reads it.
    ///   - readers: The services that read it.
    ///   - fence: The rule for its value outside development.
    package init(
        _ name: String, _ form: SettingForm<Value>, default initial: String? = nil, without consequence: String? = nil,
        requiredBy requirers: [ServiceName]? = nil, of readers: [ServiceName],
        isSecret: Bool = Value.self == Secret.self || Value.self == [Secret].self || Value.self == RotatingSecret.self,
        outsideDevelopment fence: Fence? = nil, _ meaning: String
    ) {
        self.form = form
        declaration = SettingDeclaration(
            name: name, rule: form.rule, initial: initial, consequence: consequence,
            requirers: requirers ?? (initial == nil && consequence == nil ? readers : []), readers: readers,
            isSecret: isSecret, fence: fence, meaning: meaning)
    }
}

/// All about a setting except its type.
package struct SettingDeclaration: Sendable {
    package let name: String
    /// The form, as a phrase that follows "must be".
    package let rule: String
    package let initial: String?
    let consequence: String?
    package let requirers: [ServiceName]
    package let readers: [ServiceName]
    package let isSecret: Bool
    let fence: Fence?
    let meaning: String
}

/// A setting of any type.
package protocol AnySetting: Sendable {
    var declaration: SettingDeclaration { get }
    /// What is wrong with `text` as a value, apart from fences; `nil` when it is fine.
    func fault(in text: String) -> String?
}

extension Setting: AnySetting {
    package func fault(in text: String) -> String? {
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "has a line break or another control character in it; write it without"
        }
        if text.hasPrefix(" ") || text.hasSuffix(" ") { return "begins or ends with a space; write it without" }
        guard form.read(text) == nil else { return nil }
        return "must be \(form.rule)" + (declaration.isSecret ? "" : ", not '\(text)'")
    }
}

extension SettingDeclaration {
    /// The JSON that `guildhall-<service> --settings` prints for it.
    func json(for service: ServiceName) -> JSONValue {
        [
            "name": .string(name), "form": .string(rule), "default": initial.map { .string($0) } ?? .null,
            "without": consequence.map { .string($0) } ?? .null, "required": .bool(requirers.contains(service)),
            "secret": .bool(isSecret), "outside_development": fence.map { .string($0.rule) } ?? .null,
            "meaning": .string(meaning),
        ]
    }
}
