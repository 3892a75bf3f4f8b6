import HTTPTypes
import Hummingbird
import NIOCore
import SharedModels

/// What Hummingbird keeps of a request, and the address it came from.
struct ServiceRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

/// A request whose body was read.
struct PreparedRequest: Sendable {
    let body: [UInt8]
    let mediaType: String?
}

extension RequestHead {
    init(_ request: Request, _ context: ServiceRequestContext) {
        let headers = request.headers
        self.init(
            method: request.method.rawValue,
            path: request.uri.path,
            pathParameters: Dictionary(context.parameters.map { (String($0.key), String($0.value)) }) { first, _ in first },
            query: Dictionary(
                request.uri.queryParameters.map { (String($0.key), String($0.value)) }) { first, _ in first },
            headers: { name in HTTPField.Name(name).map { headers[values: $0] } ?? [] },
            remoteAddress: context.remoteAddress
        )
    }
}
