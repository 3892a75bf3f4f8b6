/// The addresses that do not belong to the public internet.
///
/// Source: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its successors).
enum SpecialAddresses {
    static func contains(_ address: IPAddress) -> Bool {
        switch address.family {
        case .v4: ipv4.contains { $0.contains(address) }
        case .v6: !globalUnicast.contains(address) || ipv6.contains { $0.contains(address) }
        }
    }

    private static let ipv4: [CIDR] = [
        CIDR(known: "0.0.0.0/8"),  // this network, unspecified
        CIDR(known: "10.0.0.0/8"),  // private
        CIDR(known: "100.64.0.0/10"),  // carrier-grade NAT
        CIDR(known: "127.0.0.0/8"),  // loopback
        CIDR(known: "168.63.129.16/32"),  // metadata and control of one cloud, at a public address
        CIDR(known: "169.254.0.0/16"),  // link-local, cloud metadata
        CIDR(known: "172.16.0.0/12"),  // private
        CIDR(known: "192.0.0.0/24"),  // protocol assignments
        CIDR(known: "192.0.2.0/24"),  // documentation
        CIDR(known: "192.88.99.0/24"),  // 6to4 relays
        CIDR(known: "192.168.0.0/16"),  // private
        CIDR(known: "198.18.0.0/15"),  // benchmarks
        CIDR(known: "198.51.100.0/24"),  // documentation
        CIDR(known: "203.0.113.0/24"),  // documentation
        CIDR(known: "224.0.0.0/4"),  // multicast
        CIDR(known: "240.0.0.0/4"),  // reserved, broadcast
    ]

    /// Everything else in IPv6 is special: loopback, unspecified, IPv4-mapped and -compatible,
    /// NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), discard-only, unique local, link-local, site-local,
    /// multicast.
    private static let globalUnicast = CIDR(known: "2000::/3")

    private static let ipv6: [CIDR] = [
        CIDR(known: "2001::/23"),  // protocol assignments: Teredo, benchmarks, ORCHID
        CIDR(known: "2001:db8::/32"),  // documentation
        CIDR(known: "2002::/16"),  // 6to4: an IPv4 address inside
        CIDR(known: "3fff::/20"),  // documentation
    ]
}
