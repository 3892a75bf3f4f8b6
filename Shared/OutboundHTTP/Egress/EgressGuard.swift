import Glibc

/// Where a URL supplied by a user may lead: to the public internet, and nowhere near our own servers.
///
/// Checked twice: when the URL is registered (``check(url:)``), and on the address of every socket before it connects,
/// because a name may resolve to a different address each time.
package struct EgressGuard: Sendable {
    private let allowing: [CIDR]
    private let denying: [CIDR]
    private var isOpen = false

    /// - Parameters:
    ///   - allowing: Special ranges that are open all the same (`EGRESS_ALLOW`), for development.
    ///   - denying: Public ranges that are closed (`EGRESS_DENY`): the operator's own.
    package init(allowing: [CIDR] = [], denying: [CIDR] = []) {
        self.allowing = allowing
        self.denying = denying
    }

    /// For addresses that the operator of this server has set: they may lead anywhere.
    package static let open: Self = {
        var open = Self()
        open.isOpen = true
        return open
    }()

    /// Refuses what can be refused without resolving the name.
    ///
    /// - Throws: ``OutboundError/invalidURL``, or ``OutboundError/egressRefused(reason:)`` when the
    ///   scheme is not http or https, the URL carries credentials, its port is not open, or its host is a special address
    ///   in any spelling.
    package func check(url: String) throws(OutboundError) {
        try check(TargetURL(url))
    }

    func check(_ url: TargetURL) throws(OutboundError) {
        guard url.scheme == "http" || url.scheme == "https" else {
            throw .egressRefused(reason: "only http and https URLs are allowed")
        }
        guard url.user == nil, url.password == nil else {
            throw .egressRefused(reason: "the URL must not contain credentials")
        }
        if isOpen { return }
        guard EgressPorts.allows(url.port) else { throw .egressRefused(reason: EgressPorts.closed) }
        let address =
            url.host == "localhost" || url.host.hasSuffix(".localhost")
            ? IPAddress("127.0.0.1") : IPAddress(url.host)
        // WHATWG, "ends in a number": an address in a form that nobody should resolve.
        if address.map(allows(address:)) ?? !url.host.endsInNumber { return }
        throw .egressRefused(reason: Self.specialAddress)
    }

    static let specialAddress = "the address is not on the public internet"

    package func allows(address: IPAddress) -> Bool {
        isOpen
            || !denying.contains { $0.contains(address) }
                && (!SpecialAddresses.contains(address) || allowing.contains { $0.contains(address) })
    }

    /// Whether a socket may connect to `address`. Anything but an internet address is refused.
    package func allows(address: UnsafePointer<sockaddr>) -> Bool {
        IPAddress(address).map { allows(address: $0) } ?? false
    }
}

extension String {
    /// Whether the last part of a host is digits, or a hexadecimal number.
    fileprivate var endsInNumber: Bool {
        guard let last = split(separator: ".").last?.utf8 else { return false }
        return last.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } || last.starts(with: "0x".utf8)
    }
}
