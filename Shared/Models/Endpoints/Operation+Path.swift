extension Operation {
    /// The path with its parameters filled in, percent-encoded.
    public func path(with values: [String: String]) -> String {
        var filled = ""
        filled.reserveCapacity(path.utf8.count + 32 * values.count)
        var rest = path.utf8[...]
        while let opening = rest.firstIndex(of: UInt8(ascii: "{")),
            let closing = rest[opening...].firstIndex(of: UInt8(ascii: "}"))
        {
            let name = String(Substring(rest[opening..<closing].dropFirst()))
            guard let value = values[name] else { preconditionFailure("\(id) needs the path parameter \(name)") }
            filled += Substring(rest[..<opening])
            filled += value.percentEncoded
            rest = rest[closing...].dropFirst()
        }
        return filled + Substring(rest)
    }
}
