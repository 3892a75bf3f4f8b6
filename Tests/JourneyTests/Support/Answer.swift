import OutboundHTTP
import SharedModels

/// An answer as it was received.
struct Answer: Sendable, CustomStringConvertible {
    let status: Int
    let bytes: [UInt8]
    /// `null` when the body is empty or not JSON.
    let json: JSONValue
    private let response: OutboundResponse

    init(_ response: OutboundResponse) {
        self.response = response
        status = response.status
        bytes = response.body
        // An answer that is not JSON has no members. Tests then look at its status or its bytes.
        json = (try? JSONValue.parse(response.body)) ?? .null
    }

    /// Of a page.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// A refusal's code, in the words of `/api` on SkillSync too.
    var code: String? {
        if isOAuth { return json["error_code"]?.string }
        let code = json["error"]?["code"]?.string
        return isEnveloped ? code.map { Self.codesOfSkillSync[$0] ?? $0 } : code
    }
    /// Where a refusal says that something is wrong; SkillSync names the first place.
    var issuePaths: [String] {
        if isEnveloped { return [json["error"]?["details"]?["field"]?.string].compactMap(\.self) }
        return ((isOAuth ? json["issues"] : json["error"]?["issues"])?.array ?? []).compactMap { $0["path"]?.string }
    }
    /// What a refusal tells the caller.
    var message: String? {
        if isOAuth { return json["error_description"]?.string }
        return (isEnveloped ? json["error"] : json)?["message"]?.string
    }
    /// The request's id in a refusal's body.
    var requestID: String? { (isEnveloped ? json["meta"] : json)?["request_id"]?.string }
    /// Whether it is a refusal in OAuth's form.
    var isOAuth: Bool { json["error"]?.string != nil }
    /// Whether it is in SkillSync's envelope.
    var isEnveloped: Bool { json["success"] != nil }

    private static let codesOfSkillSync = [
        "INVALID_API_KEY": "UNAUTHORIZED", "INSUFFICIENT_PERMISSIONS": "FORBIDDEN", "RESOURCE_NOT_FOUND": "NOT_FOUND",
        "VALIDATION_ERROR": "VALIDATION_FAILED",
    ]
    /// What a refused transition offers instead; `nil` when it offers nothing.
    var allowed: [String]? { json["error"]?["allowed"]?.array?.compactMap(\.string) }
    /// The names of the actions that the resource offers.
    var nextActions: [String] { (json["next_actions"]?.array ?? []).compactMap { $0["action"]?.string } }

    func header(_ name: String) -> String? { response.header(name) }

    subscript(name: String) -> JSONValue? { json[name] }

    /// The cookies that are set, by name.
    var cookies: [String: String] {
        var cookies: [String: String] = [:]
        for header in response.headers where header.name.lowercased() == "set-cookie" {
            let pair = header.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
        return cookies
    }

    var description: String { "\(status) \(String(decoding: bytes.prefix(600), as: UTF8.self))" }
}
