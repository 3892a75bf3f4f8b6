/// Things of another Skillhouse, which one request brings. Of those that follow each other, as messages do, the oldest
/// come first.
public struct ImportedThings<Thing: Model>: Model {
    public let things: [Thing]
    /// Whether nothing is to stay: the answer tells what would become of them.
    public let isRehearsal: Bool

    public init(_ things: [Thing], isRehearsal: Bool = false) {
        self.things = things
        self.isRehearsal = isRehearsal
    }

    public static var rules: [String: MemberRule] { ["things": .count(ImportLimit.things)] }

    public static var schemaName: String { "ListOf\(Thing.schemaName)" }
}
