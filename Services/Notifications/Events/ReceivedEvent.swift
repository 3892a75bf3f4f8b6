import SharedModels

/// An event as it is stored: with the very bytes that its receivers get.
struct ReceivedEvent: Sendable {
    let envelope: EventEnvelope
    /// `{"id","event","data","timestamp","sequence"}`.
    let body: [UInt8]

    /// - Parameter data: The event's data with its members in the order they were sent.
    init(_ envelope: EventEnvelope, data: JSONValue) {
        self.envelope = envelope
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("id"); writer.value("\(envelope.id)")
        writer.key("event"); writer.value(envelope.name)
        writer.key("data"); data.write(to: &writer)
        writer.key("timestamp"); writer.value(envelope.at)
        writer.key("sequence"); writer.value(envelope.sequence)
        writer.endObject()
        body = writer.bytes
    }

    /// The events of a batch.
    ///
    /// - Parameter text: The batch as it came: decoding does not keep the order of members, the text does.
    static func all(of batch: EventBatch, text: [UInt8]) -> [ReceivedEvent] {
        // The batch was decoded from this text; should it not be readable, the order alone is lost.
        let written = (try? JSONValue.parse(text))?["events"]?.array ?? []
        return batch.events.enumerated().map { index, envelope in
            let data = index < written.count ? written[index]["data"] : nil
            return ReceivedEvent(envelope, data: data ?? envelope.data)
        }
    }
}
