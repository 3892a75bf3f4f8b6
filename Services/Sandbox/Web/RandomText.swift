/// Unpredictable texts for ids, codes and tokens.
enum RandomText {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    private static let digits = Array("0123456789abcdef")

    static func alphanumeric(_ count: Int) -> String {
        pick(count, from: letters)
    }

    static func hexadecimal(_ count: Int) -> String {
        pick(count, from: digits)
    }

    /// `SystemRandomNumberGenerator` is cryptographically secure on Linux.
    private static func pick(_ count: Int, from characters: [Character]) -> String {
        String((0..<count).map { _ in characters[Int.random(in: characters.indices)] })
    }
}
