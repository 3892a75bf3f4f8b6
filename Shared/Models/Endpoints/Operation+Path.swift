extension Operation {
    /// The path with its parameters filled in, percent-encoded.
    public func path(with values: [String: String]) -> String {
        path.split(separator: "/").map { segment -> String in
            guard segment.hasPrefix("{") else { return "/\(segment)" }
            let name = String(segment.dropFirst().dropLast())
            guard let value = values[name] else { preconditionFailure("\(id) needs the path parameter \(name)") }
            return "/" + value.percentEncoded
        }.joined()
    }
}

extension String {
    /// Everything but RFC 3986's unreserved characters escaped.
    public var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
