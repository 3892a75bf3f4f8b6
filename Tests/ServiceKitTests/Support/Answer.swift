import SharedModels

/// The answer of a service.
struct Answer: Sendable, CustomStringConvertible {
    /// 0 when it does not begin like an HTTP answer.
    let status: Int
    /// In order, names in lower case.
    let headers: [(name: String, value: String)]
    var bytes: [UInt8] = []

    /// - Parameter head: Status line and headers, without the empty line.
    init(head: [UInt8]) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let first = lines.first?.split(separator: " ") ?? []
        status = first.first == "HTTP/1.1" ? first.dropFirst().first.flatMap { Int($0) } ?? 0 : 0
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    subscript(member: String) -> JSONValue? {
        // A body that is not JSON has no members.
        (try? JSONValue.parse(bytes))?[member]
    }

    /// The machine-readable reason of a refusal.
    var code: String? { self["error"]?["code"]?.string }
    var issuePaths: [String] { (self["error"]?["issues"]?.array ?? []).compactMap { $0["path"]?.string } }
    var requestID: String? { header("x-request-id") }

    var description: String { "\(status) \(headers.map { "\($0.name): \($0.value)" }) \(text)" }
}
