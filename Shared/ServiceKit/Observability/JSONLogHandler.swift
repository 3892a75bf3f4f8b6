import Logging
import SharedModels

/// Writes each log record as one line of JSON, with the id of the request that caused it.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let output: LogOutput

    package init(label: String, level: Logger.Level, output: LogOutput = .standard) {
        self.label = label
        self.output = output
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.key("time"); writer.value(SystemClock().now)
        writer.key("level"); writer.value(event.level.rawValue)
        writer.key("service"); writer.value(label)
        writer.key("message"); writer.value(event.message.description)
        if let trace = RequestTrace.current {
            writer.key("request_id"); writer.value(trace.requestID)
        }
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            writer.key(key)
            writer.value(value.description)
        }
        writer.endObject()
        output.write(line: writer)
    }
}

/// One line per request.
struct AccessLog: Sendable {
    let service: ServiceName
    var output = LogOutput.standard

    func write(_ exchange: Exchange, status: Int, bytes: Int, _ duration: Duration, caller: AccountID?) {
        var writer = JSONWriter(capacity: 320)
        writer.beginObject()
        writer.key("time"); writer.value(SystemClock().now)
        writer.key("level"); writer.value("info")
        writer.key("service"); writer.value(service.rawValue)
        writer.key("message"); writer.value("request")
        writer.key("request_id"); writer.value(exchange.trace.requestID)
        writer.key("method"); writer.value(exchange.head.method)
        writer.key("path"); writer.value(exchange.path)
        writer.key("endpoint"); writer.value(optional: exchange.endpoint)
        writer.key("status"); writer.value(status)
        writer.key("bytes"); writer.value(bytes)
        writer.key("duration_us"); writer.value(duration.wholeMicroseconds)
        if let caller {
            writer.key("user_id"); writer.value(caller)
        }
        writer.endObject()
        output.write(line: writer)
    }
}
