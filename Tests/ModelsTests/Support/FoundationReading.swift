import Foundation
import SharedModels

/// Another reader of the same text, for comparison.
enum FoundationReading {
    static func read(_ bytes: [UInt8]) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }
}

extension JSONValue {
    /// Whether Foundation's reader has found the same. Numbers that do not fit 64 bits may differ in their last digit.
    /// Foundation also drops byte order marks at the beginning of strings and after escapes.
    func agrees(with found: Any?) -> Bool {
        switch self {
        case .null: found is NSNull
        case .bool(let flag): found as? Bool == flag
        case .integer(let number): (found as? NSNumber)?.int64Value == number
        case .decimal(let text):
            if let number = Double(text), let other = (found as? NSNumber)?.doubleValue {
                abs(number - other) <= abs(number) * 1e-12
            } else {
                false
            }
        case .string(let text):
            if let found = found as? String {
                found.withoutMarks.elementsEqual(text.withoutMarks)
            } else {
                false
            }
        case .array(let elements):
            if let found = found as? [Any], found.count == elements.count {
                zip(elements, found).allSatisfy { $0.agrees(with: $1) }
            } else {
                false
            }
        case .object(let members):
            if let found = found as? [String: Any], found.count == members.count {
                members.allSatisfy { member in
                    let twin = found.first { $0.key.withoutMarks == member.name.withoutMarks }
                    return member.value.agrees(with: twin?.value)
                }
            } else {
                false
            }
        }
    }

    /// Whether each number in it has a finite `Double`, because Foundation's reader refuses others.
    var isFinite: Bool {
        switch self {
        case .decimal(let text): Double(text)?.isFinite ?? false
        case .array(let elements): elements.allSatisfy(\.isFinite)
        case .object(let members): members.allSatisfy(\.value.isFinite)
        case .null, .bool, .integer, .string: true
        }
    }
}

extension String {
    fileprivate var withoutMarks: [Unicode.Scalar] { unicodeScalars.filter { $0 != "\u{FEFF}" } }
}
