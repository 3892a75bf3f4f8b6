import SharedModels

/// A body that an endpoint must refuse.
struct BadBody: Sendable {
    let what: String
    let bytes: [UInt8]
    var contentType: String? = "application/json"
    var statuses: Set<Int> = [400]
    /// The member that the refusal must name; `nil` when the whole body is not JSON.
    var member: String?

    init(_ what: String, _ bytes: [UInt8]) {
        self.what = what
        self.bytes = bytes
    }

    init(_ what: String, _ value: JSONValue, member: String?) {
        self.what = what
        bytes = value.bytes
        self.member = member
    }
}

extension BadBody {
    /// Bodies that every endpoint refuses.
    static let forAll: [BadBody] = {
        let deep = 100_000
        var bodies = [
            BadBody("100,000 lists", Array(String(repeating: "[", count: deep).utf8)),
            BadBody("100,000 objects", Array(String(repeating: "{\"a\":", count: deep).utf8)),
            BadBody(
                "100,000 lists in a member, all closed",
                Array(
                    ("{\"title\":" + String(repeating: "[", count: deep) + String(repeating: "]", count: deep)
                        + "}").utf8)),
            BadBody("a list", Array("[]".utf8)), BadBody("half an object", Array("{\"title\":".utf8)),
        ]
        for type in [
            "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonx",
        ] {
            var body = BadBody("type \(type)", Array("{}".utf8))
            body.contentType = type
            body.statuses = [415]
            bodies.append(body)
        }
        // Without a type, only endpoints that take no body look further.
        var untyped = BadBody("no type", Array("{\"surprise\":1}".utf8))
        untyped.contentType = nil
        untyped.statuses = [400, 415]
        bodies.append(untyped)
        return bodies
    }()

    static let tooLarge: BadBody = {
        let head = Array("{\"title\":\"".utf8)
        var body = BadBody(
            "10 MiB", head + [UInt8](repeating: UInt8(ascii: "a"), count: 10 << 20) + Array("\"}".utf8))
        body.statuses = [413]
        return body
    }()

    /// `good` with one thing wrong, for each fault that the schema can detect; and cut off at places that `generator`
    /// chooses.
    static func variants(
        of good: JSONValue, against schema: Schema, using generator: inout some RandomNumberGenerator
    ) -> [BadBody] {
        var bodies = schema.wrong(good, at: "").map {
            BadBody("\($0.path) as \($0.what)", $0.value, member: $0.path)
        }
        bodies.append(
            BadBody("members nobody may set", good.adding(claims(against: schema)), member: "is_admin"))
        let text = good.bytes
        for _ in 0..<3 where text.count > 2 {
            let end = Int.random(in: 1..<text.count, using: &generator)
            bodies.append(BadBody("cut off after \(end) bytes", Array(text.prefix(end))))
        }
        for member in good.object ?? [] where member.value.string != nil {
            for (what, text) in [("NUL", "\"a\\u0000b\""), ("half a surrogate pair", "\"a\\ud800\"")] {
                bodies.append(
                    BadBody(
                        "\(member.name) with \(what)", good.replacing(member.name, with: .decimal(text)),
                        member: nil))
            }
            bodies.append(BadBody("\(member.name) twice", good.adding([member]), member: nil))
        }
        return bodies
    }

    /// Members that an answer or a table has, and that no request may set.
    private static func claims(against schema: Schema) -> [JSONMember] {
        let claims: [JSONMember] = [
            .init("is_admin", true), .init("role", "admin"), .init("plan", "custom"),
            .init("credits_balance", 1_000_000),
            .init("ghost_score", 100), .init("owner_user_id", "019cabcd-0001-7000-8000-000000000001"),
            .init("version", 9), .init("released_at", "2026-01-01T00:00:00Z"),
            .init("__proto__", ["is_admin": true]),
        ]
        guard case .object(let object) = schema else { return claims }
        return claims.filter { claim in !object.properties.contains { $0.name == claim.name } }
    }
}

extension JSONValue {
    fileprivate func adding(_ members: [JSONMember]) -> JSONValue { .object((object ?? []) + members) }

    fileprivate func replacing(_ name: String, with value: JSONValue) -> JSONValue {
        .object((object ?? []).map { $0.name == name ? JSONMember(name, value) : $0 })
    }
}

extension Schema {
    fileprivate typealias Wrong = (what: String, path: String, value: JSONValue)

    /// `good` with one wrong value, for each value and each fault.
    fileprivate func wrong(_ good: JSONValue, at path: String) -> [Wrong] {
        switch self {
        case .any: return []
        case .nullable(let wrapped):
            return wrapped.wrong(good, at: path).filter { $0.path != path || !$0.value.isNull }
        case .boolean: return Self.values([1, "true", [], nil], at: path)
        case .number: return Self.values(["1", true, []], at: path)
        case .amount(let range, let decimals):
            return Self.values(
                [
                    "1", true, [], .decimal("1e2"),
                    .decimal("0." + String(repeating: "1", count: decimals.rawValue + 1)),
                    .decimal(decimals.text(range.lowerBound - 1)), .decimal(decimals.text(range.upperBound + 1)),
                ], at: path)
        case .integer(let range):
            let least = range.lowerBound == .min ? [] : [JSONValue.integer(range.lowerBound - 1)]
            let most: [JSONValue] = range.upperBound == .max ? [] : [.integer(range.upperBound + 1)]
            let numbers = ["1.5", "1.0", "1e3", "1e999", "-1e999", "99999999999999999999"].map {
                JSONValue.decimal($0)
            }
            return Self.values(least + most + numbers + ["1", true, [], [:], nil], at: path)
        case .string(let rules): return Self.values(rules.refused + [7, true, [], ["a": "b"], nil], at: path)
        case .array(let element, _):
            let inner = (good.array?.first).map { first in
                element.wrong(first, at: "\(path).0").map { ($0.what, $0.path, JSONValue.array([$0.value])) }
            }
            return Self.values(["x", 7, [:], nil], at: path) + (inner ?? [])
        case .object(let object): return Self.wrong(good, object, at: path)
        }
    }

    private static func wrong(_ good: JSONValue, _ object: ObjectSchema, at path: String) -> [Wrong] {
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        var all = path.isEmpty ? [] : values(["x", 7, []], at: path)
        all.append(("a stranger", place("surprise"), good.adding([JSONMember("surprise", 1)])))
        for property in object.properties {
            guard let value = good[property.name] else { continue }
            all += property.schema.wrong(value, at: place(property.name)).map {
                ($0.what, $0.path, good.replacing(property.name, with: $0.value))
            }
            guard property.isRequired else { continue }
            let rest = (good.object ?? []).filter { $0.name != property.name }
            all.append(("absent", place(property.name), .object(rest)))
        }
        return all
    }

    private static func values(_ values: [JSONValue], at path: String) -> [Wrong] {
        values.map { (String(decoding: $0.bytes.prefix(40), as: UTF8.self), path, $0) }
    }
}

extension StringRules {
    /// Texts that do not have this format.
    fileprivate var refused: [JSONValue] {
        if values != nil { return ["no such word"] }
        switch format {
        case .uuid: return ["7", "019cabcd-0001-7000-8000-00000000000g"]
        case .date: return ["2026-02-30", "1.2.2027"]
        case .dateTime: return ["yesterday"]
        case .uri: return ["javascript:alert(1)", "http://user:secret@example.com/", "//example.com"]
        case .email: return ["a@b@c", "a\r\nBcc: d@example.com"]
        case nil: break
        }
        let blank: [JSONValue] = mayBeBlank ? [] : ["", " \t"]
        guard length.upperBound < 100_000 else { return blank }
        return blank + [.string(String(repeating: "a", count: length.upperBound + 1))]
    }
}
