import Foundation
import SharedModels

/// The part of a mail address behind the `@`, as mail servers know it. Pure.
enum MailDomain {
    /// Top-level names under which nobody has a mailbox (RFC 2606, RFC 6761, RFC 7686).
    private static let withoutMail: Set<String> = ["invalid", "localhost", "onion"]

    /// The domain in lower-case ASCII; names in other scripts in Punycode (RFC 5891).
    ///
    /// - Returns: `nil` when no mail can go there.
    static func ascii(_ domain: some StringProtocol) -> String? {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false).map { ascii(label: String($0)) }
        guard labels.count >= 2, let last = labels.last ?? nil, !last.allSatisfy(\.isNumber),
            !withoutMail.contains(last)
        else { return nil }
        let names = labels.compactMap(\.self)
        let joined = names.joined(separator: ".")
        return names.count == labels.count && joined.utf8.count <= 253 ? joined : nil
    }

    private static func ascii(label: String) -> String? {
        let lowered = label.precomposedStringWithCompatibilityMapping.lowercased()
            .precomposedStringWithCompatibilityMapping
        guard !lowered.isEmpty, lowered.first != "-", lowered.last != "-" else { return nil }
        if lowered.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }) {
            return lowered.utf8.count <= 63 ? lowered : nil
        }
        let isName = lowered.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: true
            default: scalar == "-"
            }
        }
        guard isName, let punycode = punycode(lowered) else { return nil }
        let encoded = "xn--" + punycode
        return encoded.utf8.count <= 63 ? encoded : nil
    }

    /// RFC 3492, section 6.3.
    ///
    /// - Returns: `nil` for what no label can hold.
    static func punycode(_ label: String) -> String? {
        let scalars = label.unicodeScalars.map { Int($0.value) }
        guard scalars.count <= 63 else { return nil }
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        var handled = basic
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (next, delta, bias) = (0x80, 0, 72)
        while handled < scalars.count {
            guard let least = scalars.filter({ $0 >= next }).min() else { return nil }
            delta += (least - next) * (handled + 1)
            next = least
            for scalar in scalars {
                if scalar < next { delta += 1 }
                guard scalar == next else { continue }
                var (rest, base) = (delta, 36)
                while true {
                    let threshold = min(max(base - bias, 1), 26)
                    if rest < threshold { break }
                    output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
                    rest = (rest - threshold) / (36 - threshold)
                    base += 36
                }
                output.append(digit(rest))
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 97 : value - 26 + 48) }

    private static func adapted(_ delta: Int, _ points: Int, isFirst: Bool) -> Int {
        var (delta, base) = (isFirst ? delta / 700 : delta / 2, 0)
        delta += delta / points
        while delta > 455 {
            delta /= 35
            base += 36
        }
        return base + 36 * delta / (delta + 38)
    }
}
