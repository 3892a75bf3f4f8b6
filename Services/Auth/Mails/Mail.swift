import SharedModels

/// A mail to one person.
struct Mail: Sendable, Equatable {
    let address: String
    let subject: String
    let text: String
    /// After this moment it is of no use, and is not sent any more.
    let usefulUntil: Timestamp
}

extension Mail {
    /// The mail's only number of six digits is the code.
    static func code(_ code: OneTimeCode, to address: String, until end: Timestamp) -> Self {
        Mail(
            address: address, subject: "Your code for Guildhall",
            text: """
                Your code is \(code.text). Enter it where you have registered; it works once, within five minutes.

                If you have not registered at Guildhall, ignore this mail: without the code no account is opened.
                """,
            usefulUntil: end)
    }

    /// - Parameter url: Where the new password is set.
    static func passwordLink(_ url: String, to address: String, until end: Timestamp) -> Self {
        Mail(
            address: address, subject: "A new password for Guildhall",
            text: """
                Set a new password here; the link works once, within 15 minutes:

                \(url)

                If you have not asked for it, ignore this mail: your password stays as it is.
                """,
            usefulUntil: end)
    }
}
