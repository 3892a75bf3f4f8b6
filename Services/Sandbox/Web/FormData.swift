import SharedModels

/// Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), bodies and queries alike.
enum FormData {
    /// More pairs than this are not read; Stripe's largest request has a tenth of them.
    static let pairLimit = 2000

    /// Names and values in order, decoded. Bytes that are not UTF-8 become U+FFFD. So does U+0000, which a text column
    /// cannot store.
    static func pairs(_ bytes: some Sequence<UInt8>) -> [(name: String, value: String)] {
        FormEncoding.pairs(Array(bytes), most: pairLimit).map { (decoded($0.name), decoded($0.value)) }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: FormEncoding.decode(bytes, .kept) ?? [], as: UTF8.self).replacing("\0", with: "\u{FFFD}")
    }
}
