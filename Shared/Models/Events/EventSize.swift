/// Keeps events small: who needs the whole of a long text reads the thing itself.
///
/// An event is stored once and sent to many. A contract with fifty long delivery notes would be a megabyte for each of
/// its receivers, at every change.
enum EventSize {
    /// Data up to this size is sent as it is, in bytes.
    static let whole = 64 << 10
    /// How many characters of each text are kept in larger data: the first number with which the data fits, or else
    /// the last.
    private static let lengths = [4000, 1000, 200]

    /// - Parameter json: A JSON object in UTF-8.
    /// - Returns: The same object with its members in the same order, and its long texts cut if it is too large.
    static func fitted(_ json: [UInt8]) -> [UInt8] {
        // It was written by us. If it cannot be read, that is for the relay to find.
        guard json.count > whole, let value = try? JSONValue.parse(json) else { return json }
        var fitted = json
        for length in lengths {
            fitted = value.cut(to: length).bytes
            if fitted.count <= whole { break }
        }
        return fitted
    }
}

extension JSONValue {
    fileprivate func cut(to length: Int) -> JSONValue {
        switch self {
        case .string(let text):
            // Bytes are counted first because it is quick, and text of that few bytes has no more characters.
            text.utf8.count <= length || text.count <= length ? self : .string("\(text.prefix(length - 1))…")
        case .array(let elements): .array(elements.map { $0.cut(to: length) })
        case .object(let members): .object(members.map { JSONMember($0.name, $0.value.cut(to: length)) })
        case .null, .bool, .integer, .decimal: self
        }
    }
}
