import SharedModels

/// A stored event, with the exact bytes that its receivers get.
struct ReceivedEvent: Sendable {
    let envelope: EventEnvelope
    /// `{"id","event","data","timestamp","sequence"}`.
    let body: [UInt8]

    init(_ envelope: EventEnvelope) {
        self.envelope = envelope
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("id"); writer.value("\(envelope.id)")
        writer.key("event"); writer.value(envelope.name)
        writer.key("data"); envelope.data.write(to: &writer)
        writer.key("timestamp"); writer.value(envelope.at)
        writer.key("sequence"); writer.value(envelope.sequence)
        writer.endObject()
        body = writer.bytes
    }
}
