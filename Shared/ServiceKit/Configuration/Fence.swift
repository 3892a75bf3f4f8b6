/// A rule for a setting's value outside development, stricter than its form alone.
package struct Fence: Sendable {
    /// The rule in words, for the settings table.
    let rule: String
    /// What is wrong with a value and how to fix it; `nil` when the value is fine.
    let fault: @Sendable (String) -> String?
}

extension Fence {
    static var notSet: Self {
        Self(rule: "must not be set") { _ in
            "is for development alone; remove it, or set GUILDHALL_ENVIRONMENT=development where that is meant"
        }
    }

    /// One value and no other.
    static func only(_ value: String) -> Self {
        Self(rule: "must be `\(value)`") { $0 == value ? nil : "must be \(value) outside development" }
    }

    static var https: Self {
        Self(rule: "must be https") { value in
            value.lowercased().hasPrefix("https://") ? nil : "must be an https URL outside development"
        }
    }

    /// A value that everybody can read in `docker-compose.yml` must not protect anything real.
    static func notPublished(_ published: String) -> Self {
        Self(rule: "must not be the published one") { value in
            let parts = value.listed
            return parts.contains(published) ? unpublishable : nil
        }
    }

    static func notBeginning(with published: String) -> Self {
        Self(rule: "must not be the published one") { value in
            let parts = value.listed
            return parts.contains { $0.hasPrefix(published) } ? unpublishable : nil
        }
    }

    /// For a database URL, whose password is one part of the value.
    static var notPublishedPassword: Self {
        Self(rule: "must not have the published password") { $0.contains(":development-") ? unpublishable : nil }
    }

    private static let unpublishable = "holds the published development secret; set one of your own"

    static var notGuessable: Self {
        let common = [
            "password", "passwort", "qwerty", "letmein", "welcome", "changeme", "iloveyou", "12345", "abc123",
        ]
        let rule = "12 characters or more, 6 different ones among them, without a common password in it"
        return Self(rule: "must have \(rule)") { value in
            if value.hasPrefix("Development-") { return unpublishable }
            let text = value.lowercased()
            let isGuessable = value.count < 12 || Set(text).count < 6 || common.contains { text.contains($0) }
            return isGuessable ? "is too easy to guess; outside development it must have \(rule)" : nil
        }
    }
}
