import SharedModels

/// Values as `mongoexport` and `bsondump` write them: MongoDB's extended JSON, canonical or relaxed.
extension JSONValue {
    /// The hexadecimal digits of an ObjectId, also where it was written as a plain string.
    var objectID: String? {
        let text = self["$oid"]?.string ?? string
        guard let text, text.utf8.count == 24 else { return nil }
        return text.lowercased()
    }

    /// A date: `{"$date": "2024-05-01T10:00:00Z"}`, `{"$date": {"$numberLong": "1714557600000"}}`, or as text.
    var mongoDate: Timestamp? {
        let date = self["$date"] ?? self
        if let milliseconds = date.mongoWhole {
            let (moment, isTooLarge) = milliseconds.multipliedReportingOverflow(by: 1000)
            let found = Timestamp(microseconds: moment)
            return isTooLarge || !Timestamp.calendarRange.contains(found) ? nil : found
        }
        return date.string.flatMap { Timestamp($0) ?? Timestamp(withoutColon: $0) }
    }

    /// A whole number, in any of MongoDB's types.
    var mongoWhole: Int64? {
        if let number = integer { return number }
        return (self["$numberLong"] ?? self["$numberInt"])?.string.flatMap { Int64($0) }
            ?? mongoNumber.flatMap { Int64(exactly: $0) }
    }

    /// A number, in any of MongoDB's types.
    var mongoNumber: Double? {
        switch self {
        case .integer(let number): return Double(number)
        case .decimal(let text): return Double(text)
        case .object:
            let text = ["$numberDouble", "$numberInt", "$numberLong", "$numberDecimal"]
                .lazy.compactMap { self[$0]?.string }.first
            return text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
        case .null, .bool, .string, .array: return nil
        }
    }
}

extension Timestamp {
    /// Reads `2024-05-01T10:00:00.000+0000`, as older versions of `mongoexport` write dates.
    fileprivate init?(withoutColon text: String) {
        let digits = text.suffix(4)
        guard digits.utf8.count == 4, digits.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        self.init("\(text.dropLast(2)):\(text.suffix(2))")
    }
}
