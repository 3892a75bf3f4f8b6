/// The headers that an operation reads, beside those that show who calls.
enum RequestHeader {
    static func parameters(of operation: Operation) -> [JSONValue] {
        let text: JSONValue = ["type": "string"]
        var headers: [JSONValue] = []
        if operation.takesIdempotencyKey {
            headers.append(
                parameter(
                    "Idempotency-Key", "A repeat with the same key replays the first answer for 24 h",
                    ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"]))
            if operation.errors.contains(.preconditionFailed) {
                headers.append(parameter("If-Match", "The ETag that the change is conditional on, or *", text))
            }
        }
        if operation.showsVersion {
            headers.append(
                parameter("If-None-Match", "The ETag of what the caller has: only what is newer is sent", text))
        }
        if operation.output == StreamedOutput.self {
            headers.append(parameter("Range", "One range of bytes: bytes=0-1023, bytes=1024-, bytes=-1024", text))
        }
        if operation.output == EventStreamOutput.self {
            headers.append(
                parameter(
                    "Last-Event-ID", "The id of the last event that was received: later ones follow",
                    ["type": "string", "format": "uuid"]))
        }
        return headers
    }

    private static func parameter(_ name: String, _ description: String, _ schema: JSONValue) -> JSONValue {
        ["name": .string(name), "in": "header", "description": .string(description), "schema": schema]
    }
}
