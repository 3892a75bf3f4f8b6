import Logging
import OutboundHTTP
import SharedModels

/// How a setting is written, and which value it is read as.
package struct SettingForm<Value: Sendable>: Sendable {
    /// What a value must be, as a phrase that follows "must be", with its unit.
    let rule: String
    /// - Returns: `nil` when the text does not have this form.
    let read: @Sendable (String) -> Value?
}

extension SettingForm where Value == String {
    static var text: Self { Self(rule: "text") { $0 } }
    static var folder: Self { Self(rule: "a folder") { $0 } }

    /// Without spaces, so that a value pasted with its surroundings is noticed.
    static var word: Self { Self(rule: "one word, without spaces") { $0.isVisible ? $0 : nil } }

    static var environment: Self {
        Self(rule: "`development`, `production` or another word in lower case") { text in
            text.wholeMatch(of: /[a-z][a-z0-9-]*/) == nil ? nil : text
        }
    }

    static var hostOrAddress: Self {
        Self(rule: "a host name or an IP address") { text in
            text.wholeMatch(of: /[A-Za-z0-9.:_-]+/) == nil ? nil : text
        }
    }

    /// Read without its trailing slash, so that paths can be added.
    static var httpURL: Self {
        Self(rule: "an http or https URL with a host and without credentials") { text in
            guard WebURL(text) != nil, text.isVisible else { return nil }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    /// Read in lower case.
    static var mailAddress: Self {
        Self(rule: "a mail address") { text in
            var address = StringRules()
            address.format = .email
            return Schema.string(address).issues(in: .string(text)).isEmpty ? text.lowercased() : nil
        }
    }

    static var bucket: Self {
        Self(rule: "3 to 63 of a-z, 0-9, hyphen and dot") { text in
            text.wholeMatch(of: /[a-z0-9.-]{3,63}/) == nil ? nil : text
        }
    }
}

extension SettingForm where Value == Secret {
    /// A secret that somebody else issued: one word that begins with one of `prefixes`, if any are given.
    static func token(beginningWith prefixes: String...) -> Self {
        let beginning = prefixes.map { "`\($0)`" }.joined(separator: " or ")
        return Self(rule: "one word, without spaces" + (prefixes.isEmpty ? "" : ", that begins with \(beginning)")) {
            $0.isToken(beginningWith: prefixes) ? Secret($0) : nil
        }
    }

    static func text(ofAtLeast length: Int) -> Self {
        Self(rule: "\(length) characters or more") { $0.utf8.count >= length ? Secret($0) : nil }
    }

    static var telegramToken: Self {
        Self(rule: "`<number>:<letters>`, as BotFather gives it") { text in
            text.wholeMatch(of: /[0-9]+:[A-Za-z0-9_-]+/) == nil ? nil : Secret(text)
        }
    }

    static var postgresURL: Self {
        Self(rule: "a libpq URL, `postgresql://user:password@host[:port][,…]/database`") { text in
            text.isVisible && text.wholeMatch(of: /postgres(?:ql)?:\/\/.*/) != nil ? Secret(text) : nil
        }
    }

    static var smtpURL: Self {
        Self(rule: "`smtp[s]://[user:password@]host[:port]`") { text in
            text.isVisible && text.wholeMatch(of: /smtps?:\/\/(?:[^@\/]*@)?[A-Za-z0-9.\[\]:_-]+\/?/) != nil
                ? Secret(text) : nil
        }
    }
}

extension SettingForm where Value == RotatingSecret {
    /// A secret that we chose ourselves. Only the new one of several must be long, so that a short one can be replaced.
    static func replaceableText(ofAtLeast length: Int) -> Self {
        Self(rule: "\(length) characters or more; `new,old` while it is being replaced") { text in
            let secret = RotatingSecret(reading: text)
            return secret.current.bytes.count >= length ? secret : nil
        }
    }
}

extension SettingForm where Value == [Secret] {
    /// Several of them while one is being replaced by another.
    static func tokens(beginningWith prefix: String) -> Self {
        Self(rule: "a word that begins with `\(prefix)`; several, with commas, while it is being replaced") { text in
            let parts = text.listed
            let areTokens = parts.allSatisfy { $0.isToken(beginningWith: [prefix]) }
            return parts.isEmpty || !areTokens ? nil : parts.map(Secret.init)
        }
    }
}

extension SettingForm where Value == Int {
    static func integer(_ range: ClosedRange<Int>, _ unit: String) -> Self {
        Self(rule: "a whole number of \(unit), from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    static func port(upTo last: Int = 65_535) -> Self {
        Self(rule: "a port, from 1 to \(last)") { text in Int(text).flatMap { 1...last ~= $0 ? $0 : nil } }
    }
}

extension SettingForm where Value == [CIDR] {
    static var ranges: Self {
        Self(rule: "address ranges like 10.0.0.0/8, with commas") { text in
            let ranges = text.listed.map { CIDR($0) }
            return ranges.contains { $0 == nil } ? nil : ranges.compactMap(\.self)
        }
    }
}

extension SettingForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static var choice: Self {
        Self(rule: "one of " + Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")) {
            Value(rawValue: $0)
        }
    }
}

extension String {
    /// Whether it is not empty and consists of visible ASCII characters.
    fileprivate var isVisible: Bool { !isEmpty && utf8.allSatisfy(\.isVisibleASCII) }

    fileprivate func isToken(beginningWith prefixes: [String]) -> Bool {
        guard isVisible else { return false }
        return prefixes.isEmpty || prefixes.contains { utf8.starts(with: $0.utf8) && utf8.count > $0.utf8.count }
    }

    /// Its parts between commas, without surrounding spaces. Empty parts are dropped.
    var listed: [String] {
        utf8.split(separator: UInt8(ascii: ",")).map { String(decoding: $0.trimmingBlanks, as: UTF8.self) }
            .filter { !$0.isEmpty }
    }
}
