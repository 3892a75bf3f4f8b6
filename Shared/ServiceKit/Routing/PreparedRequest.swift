/// A request whose body was already read.
struct PreparedRequest: Sendable {
    /// Empty when the body is an upload.
    let body: [UInt8]
    let mediaType: String?
    var upload: ReceivedUpload?
}

extension RequestHead {
    init(_ request: IncomingRequest, _ parameters: [(name: String, value: String)]) {
        self.init(
            method: request.method,
            path: request.path,
            pathParameters: parameters,
            query: request.query.map(QueryReading.parameters) ?? [],
            headers: request.headers
        )
    }
}
