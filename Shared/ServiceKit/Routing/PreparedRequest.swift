/// A request whose body was already read.
struct PreparedRequest: Sendable {
    let body: [UInt8]
    let mediaType: String?
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
