import HTTPTypes
import Hummingbird
import SharedModels

/// A request whose body was already read.
struct PreparedRequest: Sendable {
    let body: [UInt8]
    let mediaType: String?
}

extension RequestHead {
    init(_ request: Request, _ context: BasicRequestContext) {
        self.init(
            method: request.method.rawValue,
            path: request.uri.path,
            pathParameters: context.parameters.map { (String($0.key), String($0.value)) },
            query: request.uri.query.map(QueryReading.parameters) ?? [],
            headers: request.headers
        )
    }
}
