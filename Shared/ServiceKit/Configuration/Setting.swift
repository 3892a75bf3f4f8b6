import SharedModels

/// One setting, declared once: what it is called, how it is written, what it means, who reads it.
///
/// The declarations are in `Declarations/`; ``SettingsReader`` reads values through them and through nothing else, and
/// `docs/configuration.md` is printed from them (`docs/adding-a-setting.md`).
package struct Setting<Value: Sendable>: Sendable {
    package let declaration: SettingDeclaration
    let form: SettingForm<Value>

    package var name: String { declaration.name }

    /// - Parameters:
    ///   - initial: What it is when it is not set, in the same form.
    ///   - consequence: What it means that it is not set, in words, where there is no such value.
    ///   - requirers: Who cannot do without it; without `default` and `without` everybody who reads it.
    ///   - readers: The services that read it.
    ///   - fence: What holds of it outside development.
    package init(
        _ name: String, _ form: SettingForm<Value>, default initial: String? = nil, without consequence: String? = nil,
        requiredBy requirers: [ServiceName]? = nil, of readers: [ServiceName],
        isSecret: Bool = Value.self == Secret.self || Value.self == [Secret].self,
        outsideDevelopment fence: Fence? = nil, _ meaning: String
    ) {
        self.form = form
        declaration = SettingDeclaration(
            name: name, rule: form.rule, initial: initial, consequence: consequence,
            requirers: requirers ?? (initial == nil && consequence == nil ? readers : []), readers: readers,
            isSecret: isSecret, fence: fence, meaning: meaning)
    }
}

/// What there is to know of a setting but its type.
package struct SettingDeclaration: Sendable {
    package let name: String
    /// The form, as it continues "must be".
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
    /// What is wrong with `text` as a value, fences left aside; `nil` when nothing is.
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
    /// What `guildhall-<service> --settings` prints of it.
    func json(for service: ServiceName) -> JSONValue {
        [
            "name": .string(name), "form": .string(rule), "default": initial.map { .string($0) } ?? .null,
            "without": consequence.map { .string($0) } ?? .null, "required": .bool(requirers.contains(service)),
            "secret": .bool(isSecret), "outside_development": fence.map { .string($0.rule) } ?? .null,
            "meaning": .string(meaning),
        ]
    }
}
