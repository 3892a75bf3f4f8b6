/// An amount of Indian rupees as the Skillhouse surface writes it: a JSON number in major units, with at most two decimal
/// places. Inside it is whole paise; no floating point is involved.
public struct Rupees: Hashable, Sendable, Codable {
    public let paise: Int64

    public init(paise: Int64) {
        self.paise = paise
    }

    /// - Precondition: The amount is in rupees.
    public init(_ money: Money) {
        precondition(money.currency == .inr, "Skillhouse shows rupees")
        self.init(paise: money.minorUnits)
    }

    public var money: Money { .inr(paise: paise) }

    /// For people to read: `540.00`.
    public var text: String { "\(paise / 100).\(paise % 100 < 10 ? "0" : "")\(paise % 100)" }

    public init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        guard let paise = Currency.inr.decimals.minorUnits(of: value) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "must be an amount of rupees"))
        }
        self.init(paise: paise)
    }

    public func encode(to encoder: any Encoder) throws {
        try Currency.inr.decimals.number(paise).encode(to: encoder)
    }
}

extension Rupees: SchemaDescribed {
    /// What we take: 2^53 - 1 paise at most. Inputs narrow it with ``MemberRule/price``.
    public static var schema: Schema { .amount(-9_007_199_254_740_991...9_007_199_254_740_991, Currency.inr.decimals) }
    public static var sample: Self { Self(paise: 0) }
}

extension MemberRule {
    /// An amount of rupees that the payment provider takes: 0.50 to 999999.99.
    public static let price = MemberRule.range(Currency.inr.chargeable)
}
