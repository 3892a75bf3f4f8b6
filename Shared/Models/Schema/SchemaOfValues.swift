#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension StringFormat {
    var schema: Schema {
        var rules = StringRules()
        rules.format = self
        rules.mayBeBlank = false
        return .string(rules)
    }
}

extension Identifier: SchemaDescribed {
    public static var schema: Schema { StringFormat.uuid.schema }
    public static var sample: Self { Self(UUID(high: 0x7000, low: 0x8000_0000_0000_0000)) }
}

extension Timestamp: SchemaDescribed {
    public static var schema: Schema { StringFormat.dateTime.schema }
    public static var sample: Self { Self(microseconds: 0) }
}

extension CalendarDay: SchemaDescribed {
    public static var schema: Schema { StringFormat.date.schema }
    public static var sample: Self { Self(daysSince1970: 0) }
}

extension CalendarMonth: SchemaDescribed {
    public static var schema: Schema {
        var rules = StringRules()
        rules.length = 7...7
        rules.pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"
        rules.mayBeBlank = false
        return .string(rules)
    }
    public static var sample: Self { Self(of: CalendarDay.sample) }
}

extension JSONValue: SchemaDescribed {
    public static var schema: Schema { .any }
    public static var sample: Self { .null }
}

extension Currency: SchemaDescribed {}
