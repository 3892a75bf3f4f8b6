import CCurl

/// The `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
package enum RetryAfter {
    /// - Parameter now: Seconds since 1970, to which a date is compared.
    /// - Returns: Not negative; `nil` when the header is neither form.
    package static func parse(_ value: String, now: Int) -> Duration? {
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(Int(value.prefix(9)) ?? 0)
        }
        let moment = curl_getdate(value, nil)
        return moment < 0 ? nil : .seconds(max(0, moment - now))
    }
}
