/// A body whose form depends on the value of one of its members.
public protocol VariedModel: Model {
    static var variants: Variants { get }
}

/// The forms of a ``VariedModel``, for the OpenAPI document. The workflow that reads the body enforces them.
public struct Variants: Sendable {
    /// The member whose value tells the form.
    public let discriminator: String
    /// The member that differs between the forms: an object whose members are all optional in Swift.
    public let member: String
    public let forms: [Form]

    public init(by discriminator: String, of member: String, _ forms: [Form]) {
        self.discriminator = discriminator
        self.member = member
        self.forms = forms
    }

    /// One form: which members the differing object has then. It must have them all.
    public struct Form: Sendable {
        /// Of the discriminator.
        public let value: String
        public let members: [String]

        public init(_ value: String, members: [String]) {
            self.value = value
            self.members = members
        }
    }
}
