/// The object identifier of a PostgreSQL type (`pg_type.dat` of PostgreSQL 15).
package struct PostgresType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    static let bool = Self(rawValue: 16), boolArray = Self(rawValue: 1000)
    static let bytea = Self(rawValue: 17)
    static let name = Self(rawValue: 19)
    static let int8 = Self(rawValue: 20), int8Array = Self(rawValue: 1016)
    static let int2 = Self(rawValue: 21)
    static let int4 = Self(rawValue: 23), int4Array = Self(rawValue: 1007)
    static let text = Self(rawValue: 25), textArray = Self(rawValue: 1009)
    static let json = Self(rawValue: 114)
    static let float4 = Self(rawValue: 700)
    static let float8 = Self(rawValue: 701), float8Array = Self(rawValue: 1022)
    static let unknown = Self(rawValue: 705)
    static let bpchar = Self(rawValue: 1042)
    static let varchar = Self(rawValue: 1043)
    static let date = Self(rawValue: 1082), dateArray = Self(rawValue: 1182)
    static let timestamp = Self(rawValue: 1114)
    static let timestamptz = Self(rawValue: 1184), timestamptzArray = Self(rawValue: 1185)
    static let uuid = Self(rawValue: 2950), uuidArray = Self(rawValue: 2951)
    static let jsonb = Self(rawValue: 3802), jsonbArray = Self(rawValue: 3807)

    /// Whether the binary form is the text itself. True for the text types, and for types made by `CREATE` (enums,
    /// `citext`).
    var isTextual: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .unknown: true
        default: rawValue >= 16_384
        }
    }
}
