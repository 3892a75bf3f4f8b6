import OutboundHTTP

/// Writes what ``FormData`` reads.
enum FormText {
    static func encode(_ pairs: [(String, String)]) -> String {
        String(decoding: FormEncoding.encode(pairs), as: UTF8.self)
    }
}
