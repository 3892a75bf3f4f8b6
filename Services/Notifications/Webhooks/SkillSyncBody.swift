import ServiceKit
import SharedModels

/// What a webhook made on `/v1` receives (SkillSync contract, section 5). Pure.
///
/// `signature` is the HMAC of the same JSON without that member, and stands last. The JSON is written as JavaScript's
/// `JSON.stringify` writes it: so a receiver that parsed it can take the member out and write the rest again. Times are
/// in whole seconds, as in this surface's answers.
enum SkillSyncBody {
    /// What describes the data of each event, by its name.
    private static let schemas = Dictionary(
        uniqueKeysWithValues: EventName.allCases.map { ($0.rawValue, $0.event.schema) })

    /// - Parameter body: The event as it is stored, which is how other webhooks get it.
    /// - Throws: When it is not one of ours.
    static func bytes(ofStored body: [UInt8], to webhook: WebhookID, secret: WebhookSecret) throws -> [UInt8] {
        let stored = try JSONValue.parse(body).decode(EventView.self)
        var writer = JSONWriter(capacity: body.count + 256)
        writer.beginObject()
        writer.key("id"); writer.value(stored.id.prefixed)
        writer.key("event"); writer.value(stored.event)
        writer.key("data"); stored.data.inOurForm(schemas[stored.event]).write(to: &writer)
        writer.key("webhook_id"); writer.value(webhook.prefixed)
        writer.key("created_at"); writer.value(Timestamp(seconds: stored.timestamp.seconds).description)
        writer.endObject()
        let unsigned = writer.bytes
        let signature = WebhookSignature.ofBody(unsigned, secret)
        return unsigned.dropLast() + Array(",\"signature\":\"\(signature)\"}".utf8)
    }
}

extension JSONValue {
    /// The same, with numbers in the shortest form, `12.5`, not `12.50`, and times in whole seconds.
    ///
    /// - Parameter schema: What tells a time from a text that only looks like one.
    fileprivate func inOurForm(_ schema: Schema?) -> JSONValue {
        switch self {
        case .decimal(let text):
            guard let number = Double(text) else { return self }
            return Int64(exactly: number).map { .integer($0) } ?? .decimal("\(number)")
        case .string(let text):
            guard schema?.isTime == true, let moment = Timestamp(text) else { return self }
            return .string(Timestamp(seconds: moment.seconds).description)
        case .array(let elements):
            let element = schema?.part(at: "0")
            return .array(elements.map { $0.inOurForm(element) })
        case .object(let members):
            return .object(members.map { JSONMember($0.name, $0.value.inOurForm(schema?.part(at: $0.name))) })
        case .null, .bool, .integer: return self
        }
    }
}

extension Schema {
    fileprivate var isTime: Bool {
        switch self {
        case .nullable(let wrapped): wrapped.isTime
        case .string(let rules): rules.format == .dateTime
        case .integer, .number, .amount, .boolean, .array, .object, .any: false
        }
    }
}
