/// The same call in four ways, for the document's `x-codeSamples`: what a reader can copy.
enum CodeSamples {
    /// - Parameter server: The gateway's URL.
    static func make(_ operation: Operation, server: String) -> JSONValue {
        let call = SampleCall(operation, server: server)
        return .array(
            [
                ("Shell", "curl", curl(call)), ("Python", "Python", python(call)),
                ("JavaScript", "JavaScript", script(call)),
            ]
            .map { ["lang": .string($0.0), "label": .string($0.1), "source": .string($0.2)] }
                + (swift(operation, server: server).map {
                    [["lang": "Swift", "label": "Swift", "source": .string($0)]]
                } ?? []))
    }

    private static func curl(_ call: SampleCall) -> String {
        var lines = ["curl -X \(call.method) '\(call.url)'"]
        if let scheme = call.authorization { lines.append("-H \"Authorization: \(scheme) $GUILDHALL_KEY\"") }
        if let body = call.body {
            lines += ["-H 'Content-Type: application/json'", "-d '\(body.replacing("'", with: #"'\''"#))'"]
        }
        if let file = call.file { lines.append("-F '\(file)=@file'") }
        return lines.joined(separator: " \\\n  ")
    }

    /// With the standard library alone.
    private static func python(_ call: SampleCall) -> String {
        guard call.file == nil else {
            return """
                import os, requests

                answer = requests.\(call.method.lowercased())(
                    "\(call.url)",
                    headers={"Authorization": f"Bearer {os.environ['GUILDHALL_KEY']}"},
                    files={"\(call.file ?? "")": open("file", "rb")})
                print(answer.json())
                """
        }
        var headers: [String] = []
        if call.authorization != nil { headers.append(#""Authorization": f"Bearer {os.environ['GUILDHALL_KEY']}""#) }
        if call.body != nil { headers.append(#""Content-Type": "application/json""#) }
        let data = call.body.map { ",\n    data=r'''\($0)'''.encode()" } ?? ""
        return """
            import os, urllib.request

            request = urllib.request.Request(
                "\(call.url)", method="\(call.method)",
                headers={\(headers.joined(separator: ", "))}\(data))
            with urllib.request.urlopen(request) as answer:
                print(answer.status, answer.read().decode())
            """
    }

    private static func script(_ call: SampleCall) -> String {
        var headers: [String] = []
        if call.authorization != nil { headers.append("Authorization: `Bearer ${process.env.GUILDHALL_KEY}`") }
        if call.body != nil { headers.append(#""Content-Type": "application/json""#) }
        var lines = ["  method: \"\(call.method)\",", "  headers: { \(headers.joined(separator: ", ")) },"]
        if let body = call.body { lines.append("  body: JSON.stringify(\(body)),") }
        if call.file != nil { lines.append("  body: form, // a FormData with the field \(call.file ?? "")") }
        return """
            const answer = await fetch("\(call.url)", {
            \(lines.joined(separator: "\n"))
            });
            console.log(answer.status, await answer.text());
            """
    }

    /// With the library GuildhallClient; `nil` for what it does not call.
    private static func swift(_ operation: Operation, server: String) -> String? {
        guard operation.file == nil, let name = Catalogue.swiftNames[operation.id] else { return nil }
        var arguments = ["Endpoints.\(name)"]
        if let body = operation.inputExample {
            arguments.append("try JSONValue.parse(Array(#\"\(body.text)\"#.utf8))")
        }
        if !operation.pathParameters.isEmpty {
            let members = operation.pathParameters.map { "\"\($0)\": \"\(SampleCall.value(of: $0, in: operation))\"" }
            arguments.append("path: [\(members.joined(separator: ", "))]")
        }
        return """
            import Foundation
            import GuildhallClient
            import SharedModels

            let key = ProcessInfo.processInfo.environment["GUILDHALL_KEY"] ?? ""
            let guildhall = GuildhallClient(url: "\(server)", credential: .key(key))
            let answer = try await guildhall.call(
                \(arguments.joined(separator: ",\n    ")))
            print(answer)
            """
    }
}

/// An operation with made-up values in place.
private struct SampleCall {
    let method: String
    let url: String
    let authorization: String?
    let body: String?
    /// The field of the form.
    let file: String?

    init(_ operation: Operation, server: String) {
        method = operation.method.rawValue
        let values = operation.pathParameters.map { ($0, Self.value(of: $0, in: operation)) }
        url = server + operation.path(with: Dictionary(values, uniquingKeysWith: { first, _ in first }))
        if case .account = operation.access { authorization = "Bearer" } else { authorization = nil }
        body = operation.inputExample?.text
        file = operation.file?.name
    }

    /// What ids begin with, by the word of the path before them.
    private static let prefixes = [
        "profiles": "user", "users": "user", "conversations": "conv", "webhooks": "wh", "clients": "client",
        "grants": "grant", "matches": "match",
    ]

    /// An id as the surface writes it.
    static func value(of parameter: String, in operation: Operation) -> String {
        let words = operation.path.split(separator: "/")
        let place = words.firstIndex { $0 == "{\(parameter)}" }
        let kind = place.map { String(words[$0 - 1]) } ?? ""
        return switch operation.surface {
        case .skillhouse: "019cabcd0001000000000001"
        case .skillSync, .oauth: "\(Self.prefixes[kind] ?? kind)_019cabcd000170008000000000000001"
        case .clawConnected, .internal, .operations: "019cabcd-0001-7000-8000-000000000001"
        }
    }
}

extension JSONValue {
    fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Catalogue {
    /// How Swift names each endpoint: `gigs.create`.
    static let swiftNames: [String: String] = {
        var names: [String: String] = [:]
        for group in Mirror(reflecting: shared).children {
            guard let label = group.label else { continue }
            for member in Mirror(reflecting: group.value).children {
                guard let name = member.label, let operation = (member.value as? any AnyEndpoint)?.operation else {
                    continue
                }
                names[operation.id] = "\(label).\(name)"
            }
        }
        return names
    }()
}
