import OutboundHTTP
import Testing

/// A browser as far as it keeps cookies. It follows no redirect by itself.
struct Browser {
    let stack: Stack
    var cookies: [String: String] = [:]

    mutating func get(
        _ location: String?, headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let location = try #require(location)
        let url = location.hasPrefix("/") ? stack.gateway + location : location
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let answer = try await stack.send(
            OutboundRequest(
                .get, url, headers: [("Cookie", cookie), ("Accept", "text/html,*/*;q=0.8")] + headers))
        cookies.merge(answer.cookies) { _, new in new }
        return answer
    }
}
