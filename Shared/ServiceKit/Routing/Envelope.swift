import SharedModels

/// What the SkillSync surface puts around the answer of a success (SkillSync contract, section 1.1).
enum Envelope {
    static func bytes(around data: [UInt8], requestID: String, at now: Timestamp) -> [UInt8] {
        var writer = JSONWriter(capacity: data.count + 160)
        writer.beginObject()
        writer.key("success"); writer.value(true)
        writer.key("data"); writer.raw(data)
        writer.key("meta")
        writer.beginObject()
        writer.key("timestamp"); writer.value(Timestamp(seconds: now.seconds).description)
        writer.key("version"); writer.value("v1.0" as StaticString)
        writer.key("request_id"); writer.value(requestID)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
