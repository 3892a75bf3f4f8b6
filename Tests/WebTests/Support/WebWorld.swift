import Foundation
import GuildhallClient
import Logging
import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// Web on its own port, before an API that a test makes up, and a browser that keeps cookies.
struct WebWorld: Sendable {
    static let publicURL = "http://web.example"

    let api: FakeAPI
    let address: String
    let http: OutboundHTTP
    let clock: TestClock

    /// - Parameter isUp: Whether anything answers where the API should be.
    static func run(isUp: Bool = true, _ body: (WebWorld) async throws -> Void) async throws {
        let api = FakeAPI()
        try await LocalServer.serve({ api.respond(to: $0) }) { url in
            try await serve(url: isUp ? url : "http://127.0.0.1:1", api, body)
        }
    }

    private static func serve(url: String, _ api: FakeAPI, _ body: (WebWorld) async throws -> Void) async throws {
        let logger = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }
        let http = OutboundHTTP(logger: logger)
        let clock = TestClock()
        var environment = ["GUILDHALL_ENVIRONMENT": "development", "PUBLIC_URL": publicURL]
        for peer in ServiceName.withCallers { environment["\(peer.rawValue.uppercased())_URL"] = url }
        let kit = StatelessKit(
            settings: try StatelessSettings(SettingsReader(.web, environment)), clock: clock, http: http, logger: logger
        )
        // The largest answers take a slow machine a while.
        try Site(kit, patience: .seconds(300)).register(Pages.all, on: kit.rawRoutes)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let listener = StatelessServer.listener(kit, port: 0) { port.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            defer { group.cancelAll() }
            for await port in ports {
                try await body(WebWorld(api: api, address: "http://127.0.0.1:\(port)", http: http, clock: clock))
                break
            }
        }
        await http.shutdown()
    }

    /// Somebody who has come for the first time.
    func stranger() -> Browser { Browser(world: self, cookies: Shared([:])) }

    /// Somebody whose session the API knows.
    func person(_ type: UserType = .client, isAdmin: Bool = false) -> Browser {
        api.answer(
            Endpoints.session.current,
            ["user_type": .string(type.rawValue), "role": .string(isAdmin ? "admin" : type.rawValue)])
        return Browser(world: self, cookies: Shared(["guildhall_session": "session-of-\(type.rawValue)"]))
    }
}

/// Keeps cookies, and sends forms as browsers do.
struct Browser: Sendable {
    let world: WebWorld
    let cookies: Shared<[String: String]>

    func get(_ path: String, _ headers: [(name: String, value: String)] = []) async throws -> Shown {
        try await send(.get, path, nil, headers)
    }

    /// Sends a form of our own, with the token that our pages put into it.
    func post(_ path: String, _ fields: [(String, String)] = []) async throws -> Shown {
        let page = try await get("/sign-in")
        let token = try #require(page.field("token"))
        return try await post(
            path, fields + [("token", token)],
            headers: [("Origin", WebWorld.publicURL), ("Sec-Fetch-Site", "same-origin")])
    }

    /// Sends a form of ours with a file, as browsers do: what was typed first.
    ///
    /// - Parameter file: Its name is empty when nobody has chosen one.
    func post(
        _ path: String, _ fields: [(String, String)] = [], file: (field: String, name: String, bytes: [UInt8]),
        token: String? = nil
    ) async throws -> Shown {
        let known = try await get("/sign-in").field("token")
        let boundary = "----a-boundary-of-a-browser"
        var body: [UInt8] = []
        for (name, value) in [("token", try token ?? #require(known))] + fields {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        let head = "Content-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\""
        body += Array("--\(boundary)\r\n\(head)\r\nContent-Type: application/octet-stream\r\n\r\n".utf8)
        body += file.bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        return try await send(
            .post, path, body,
            [
                ("Content-Type", "multipart/form-data; boundary=\(boundary)"), ("Origin", WebWorld.publicURL),
                ("Sec-Fetch-Site", "same-origin"),
            ])
    }

    func post(
        _ path: String, _ fields: [(String, String)], headers: [(name: String, value: String)]
    ) async throws -> Shown {
        let type = (name: "Content-Type", value: "application/x-www-form-urlencoded")
        return try await send(.post, path, FormEncoding.encode(fields), [type] + headers)
    }

    private func send(
        _ method: OutboundRequest.Method, _ path: String, _ body: [UInt8]?, _ headers: [(name: String, value: String)]
    ) async throws -> Shown {
        let cookie = cookies.value.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        let all = headers + (cookie.isEmpty ? [] : [("Cookie", cookie)])
        var request = OutboundRequest(method, world.address + path, headers: all, body: body)
        request.deadline = .seconds(600)
        let answer = try await world.http.send(request, .service)
        for (name, value) in answer.headers where name.lowercased() == "set-cookie" {
            let pair = value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies.change { $0[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1]) }
        }
        return Shown(answer: answer)
    }
}

/// A page as the browser has it.
struct Shown: Sendable {
    let answer: OutboundResponse

    var status: Int { answer.status }
    var text: String { String(decoding: answer.body, as: UTF8.self) }
    var location: String? { answer.header("location") }

    /// The part of a start page that says what waits.
    var tasks: String {
        guard let start = text.range(of: "id=\"waits\""), let end = text.range(of: "</section>") else { return "" }
        return String(text[start.upperBound..<max(start.upperBound, end.lowerBound)])
    }

    /// The value of the first hidden field of this name.
    func field(_ name: String) -> String? {
        guard let start = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}
