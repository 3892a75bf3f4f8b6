import SharedModels
import TestSupport

/// The API as web sees it: every endpoint answers with its own example, unless a test says otherwise.
struct FakeAPI: Sendable {
    typealias Answering = @Sendable (LocalServer.Asked) -> LocalServer.Answer

    private let answers: Shared<[String: Answering]> = Shared([:])
    private let altered: Shared<[String: [String: JSONValue]]> = Shared([:])
    private let spoiled: Shared<String?> = Shared(nil)
    private let away: Shared<Set<ServiceName>> = Shared([])
    private let isSwollen = Shared(false)
    /// The largest answers that were made, by what was asked.
    private let made: Shared<[String: JSONValue]> = Shared([:])
    /// What was asked, in order.
    let asked: Shared<[LocalServer.Asked]> = Shared([])

    /// - Parameter body: The members of the answer that differ from the example's.
    func answer<Input, Output>(_ endpoint: Endpoint<Input, Output>, _ changes: [String: JSONValue]) {
        let operation = endpoint.operation
        var example = (operation.outputExample ?? [:]).with(changes)
        if operation.surface == .skillSync { example = ["success": true, "data": example, "meta": [:]] }
        let text = String(decoding: example.bytes, as: UTF8.self)
        answer(endpoint) { _ in .json(operation.success, text) }
    }

    func answer<Input, Output>(_ endpoint: Endpoint<Input, Output>, _ answer: @escaping Answering) {
        answers.change { $0[endpoint.operation.id] = answer }
    }

    /// From now on this service does not answer; all the others do.
    func takeAway(_ service: ServiceName) { away.change { $0 = [service] } }

    /// The endpoint refuses, complaining about members.
    func refuse<Input, Output>(
        _ endpoint: Endpoint<Input, Output>, _ code: ErrorCode, _ message: String, _ issues: [InputIssue] = []
    ) {
        let body: JSONValue = [
            "message": .string(message), "status": .integer(Int64(code.status)),
            "error": [
                "code": .string(code.rawValue), "message": .string(message),
                "issues": .array(issues.map { ["path": .string($0.path), "message": .string($0.message)] }),
            ],
            "request_id": "request-1",
        ]
        answer(endpoint) { _ in .json(code.status, String(decoding: body.bytes, as: UTF8.self)) }
    }

    /// The example of the endpoint has other members from now on, and is spoiled and swollen as the others are.
    func alter<Input, Output>(_ endpoint: Endpoint<Input, Output>, _ changes: [String: JSONValue]) {
        altered.change { $0[endpoint.operation.id] = changes }
    }

    /// From now on every text that people write is `text`, in all examples.
    func spoil(with text: String) { spoiled.change { $0 = text } }

    /// From now on every answer is the largest that its endpoint can give.
    func swell() { isSwollen.change { $0 = true } }

    func respond(to asked: LocalServer.Asked) -> LocalServer.Answer {
        self.asked.change { $0.append(asked) }
        let segments = asked.path.split(separator: "/")
        let fitting = Catalogue.published.filter { operation in
            let template = operation.path.split(separator: "/")
            return operation.method.rawValue == asked.method && template.count == segments.count
                && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        guard let operation = fitting.min(by: { $0.pathParameters.count < $1.pathParameters.count }) else {
            return .json(404, #"{"message":"There is no such path."}"#)
        }
        if away.value.contains(operation.service) { return .json(503, #"{"message":"It is away."}"#) }
        if let answer = answers.value[operation.id] { return answer(asked) }
        guard var example = operation.outputExample else { return .init(status: operation.success) }
        if let changes = altered.value[operation.id] { example = example.with(changes) }
        if isSwollen.value { example = largest(operation, example, query: asked.query) }
        if let text = spoiled.value { example = example.spoiled(with: text) }
        if operation.surface == .skillSync { example = ["success": true, "data": example, "meta": [:]] }
        return .json(operation.success, String(decoding: example.bytes, as: UTF8.self))
    }

    private func largest(_ operation: SharedModels.Operation, _ example: JSONValue, query: String) -> JSONValue {
        let name = "\(operation.id) \(query)"
        if let known = made.value[name] { return known }
        let largest = LargestAnswer.of(operation, example, query: query)
        made.change { $0[name] = largest }
        return largest
    }

    /// The requests to an endpoint.
    func requests<Input, Output>(to endpoint: Endpoint<Input, Output>) -> [LocalServer.Asked] {
        let template = endpoint.operation.path.split(separator: "/")
        return asked.value.filter { asked in
            let segments = asked.path.split(separator: "/")
            return asked.method == endpoint.operation.method.rawValue && segments.count == template.count
                && zip(template, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }
}

extension JSONValue {
    /// The same object with other values for some of its members.
    func with(_ changes: [String: JSONValue]) -> JSONValue {
        guard let object else { return self }
        return .object(object.map { JSONMember($0.name, changes[$0.name] ?? $0.value) })
    }
}

extension JSONValue {
    /// The members that people write.
    private static let free: Set = [
        "title", "description", "scope", "message", "display_name", "bio", "gig_title", "note", "reason", "review_text",
        "delivery_note", "revision_notes", "text", "name", "company", "contact_value", "contact_type", "skills",
        "github_username", "end_note", "rationale", "language", "portfolio_website_url", "delivery_url", "html_url",
        "url",
    ]

    func spoiled(with text: String) -> JSONValue {
        if let object {
            return .object(
                object.map { member in
                    guard Self.free.contains(member.name) else {
                        return JSONMember(member.name, member.value.spoiled(with: text))
                    }
                    if member.value.string != nil { return JSONMember(member.name, .string(text)) }
                    if let list = member.value.array, list.first?.string != nil {
                        return JSONMember(member.name, [.string(text)])
                    }
                    return JSONMember(member.name, member.value.spoiled(with: text))
                })
        }
        return array.map { .array($0.map { $0.spoiled(with: text) }) } ?? self
    }
}
