/// A range of addresses that share their first bits: `127.0.0.0/8`, `fc00::/7` (RFC 4632, RFC 4291).
package struct CIDR: Hashable, Sendable {
    private let first: IPAddress
    private let prefixLength: Int

    /// Reads `address/length`. An address alone is a range of one.
    ///
    /// - Returns: `nil` for anything else, also when bits after the prefix are set (`10.0.0.5/8`): the author may have
    ///   meant one address, and the range would open sixteen million.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
        let width = address.family.rawValue
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]),
                (0...width).contains(number)
            else { return nil }
            length = number
        }
        guard address.bits & Self.hostMask(width: width, prefixLength: length) == 0 else {
            return nil
        }
        first = address
        prefixLength = length
    }

    package func contains(_ address: IPAddress) -> Bool {
        let width = first.family.rawValue
        return address.family == first.family
            && address.bits & ~Self.hostMask(width: width, prefixLength: prefixLength) == first.bits
    }

    /// A range written in our own source, so that it must be valid.
    init(known text: StaticString) {
        guard let range = Self(String(describing: text)) else {
            preconditionFailure("not a range: \(text)")
        }
        self = range
    }

    private static func hostMask(width: Int, prefixLength: Int) -> UInt128 {
        let hostBits = width - prefixLength
        return hostBits == 128 ? UInt128.max : (UInt128(1) << UInt128(hostBits)) - 1
    }
}
