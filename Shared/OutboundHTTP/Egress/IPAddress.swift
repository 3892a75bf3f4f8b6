import Glibc

/// An IPv4 or IPv6 address, as 32 or 128 bits.
package struct IPAddress: Hashable, Sendable {
    package enum Family: Int, Sendable {
        case v4 = 32
        case v6 = 128
    }

    package let family: Family
    /// Right-aligned; an IPv4 address fills the lowest 32 bits.
    let bits: UInt128

    init(family: Family, bits: UInt128) {
        self.family = family
        self.bits = bits
    }

    /// Reads `192.0.2.1` or `2001:db8::1` (no brackets, no zone).
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(six)
        } else {
            return nil
        }
    }

    /// The address that a socket is about to connect to.
    ///
    /// - Returns: `nil` when it is not an internet address (a Unix socket, say).
    package init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self.init(UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr)
        case AF_INET6:
            self.init(UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default:
            return nil
        }
    }

    private init(_ address: in_addr) {
        self.init(family: .v4, bits: UInt128(UInt32(bigEndian: address.s_addr)))
    }

    private init(_ address: in6_addr) {
        let bits = withUnsafeBytes(of: address) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
        self.init(family: .v6, bits: bits)
    }
}

extension IPAddress {
    /// What one subscriber usually has, as a text to compare: the IPv4 address, or the first 64 bits of an IPv6 address.
    /// An IPv4 address may come in its IPv6 form (RFC 4291, section 2.5.5.2).
    package var subscriber: String {
        let isMapped = family == .v6 && bits >> 32 == 0xFFFF
        if family == .v4 || isMapped { return "4:" + String(bits & 0xFFFF_FFFF, radix: 16) }
        return "6:" + String(bits >> 64, radix: 16)
    }
}
