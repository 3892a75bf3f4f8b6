import Crypto
import ServiceKit
import SharedModels

/// Links with which the reader of a channel ends its messages, without signing in (RFC 8058). Pure.
struct UnsubscribeLinks: Sendable {
    private let publicURL: String
    /// The one that makes links first.
    private let keys: [SymmetricKey]

    init(publicURL: String, secret: RotatingSecret) {
        self.publicURL = publicURL
        keys = secret.all.map { $0.key(for: .unsubscribeLinks) }
    }

    func url(for channel: ChannelID) -> String {
        let path = Endpoints.unsubscribing.unsubscribe.operation.path
        return "\(publicURL)\(path)?channel=\(channel)&token=\(Self.token(for: channel, keys[0]))"
    }

    func matches(_ token: String, _ channel: ChannelID) -> Bool {
        guard let given = Hexadecimal.decode(token) else { return false }
        return keys.contains { key in
            HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: Array("\(channel)".utf8), using: key)
        }
    }

    private static func token(for channel: ChannelID, _ key: SymmetricKey) -> String {
        Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: Array("\(channel)".utf8), using: key))
    }
}
