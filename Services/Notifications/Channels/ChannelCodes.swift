import Crypto
import ServiceKit
import SharedModels

/// The one-time codes that confirm channels. A code follows from the channel and its round's number, so that no code
/// is stored anywhere. Pure.
struct ChannelCodes: Sendable {
    static let validity = Duration.minutes(15)
    static let mostGuesses: Int32 = 5
    /// Codes that one address gets a day, whichever accounts ask: they must not become a nuisance.
    static let mostPerDay = 5

    private let key: SymmetricKey

    init(secret: RotatingSecret) {
        key = secret.current.key(for: .channelCodes)
    }

    /// Six digits.
    func code(for channel: ChannelID, round: Int32) -> String {
        let digest = HMAC<SHA256>.authenticationCode(for: Array("\(channel):\(round)".utf8), using: key)
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 1_000_000
        let digits = String(number)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Whether `guess` is the code, in a time that does not depend on how much of it is right.
    func matches(_ guess: String, _ channel: ChannelID, round: Int32) -> Bool {
        let (code, guess) = (Array(code(for: channel, round: round).utf8), Array(guess.utf8))
        return code.count == guess.count && zip(code, guess).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension ChannelTarget {
    /// Tells one address from another without naming it.
    var digest: [UInt8] {
        let address =
            switch self {
            case .telegram(let chatID): chatID
            case .slack(let url), .discord(let url): url
            case .email(let address): address.lowercased()
            }
        return Array(SHA256.hash(data: Array("\(type.rawValue):\(address)".utf8)))
    }
}
