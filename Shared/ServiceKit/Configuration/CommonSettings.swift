import Logging
import OutboundHTTP
import SharedModels

/// What every service reads from its environment.
package struct CommonSettings: Sendable {
    package let service: ServiceName
    package let host: String
    package let port: Int
    package let databaseURL: String
    /// Signs the tokens between services; the same in all of them.
    package let serviceSecret: Secret
    /// Where the gateway is reached from outside.
    package let publicURL: String
    /// The web client: CORS, links in mails, return URLs.
    package let clientURL: String
    /// The web client's origin, as browsers send it.
    package let clientOrigin: String
    /// Set in development only: services follow the sandbox's clock.
    package let sandboxURL: String?
    package let egress: EgressGuard
    package let logLevel: Logger.Level
    package let peers: [ServiceName: String]
    /// Statements are pipelined over this many connections.
    package let pipelinedConnections: Int
    /// Transactions at once, one connection each.
    package let transactionConnections: Int

    package init(_ service: ServiceName, _ reader: SettingsReader) throws(BadSetting) {
        self.service = service
        let base = try reader.integer("GUILDHALL_PORT", default: 8080, 1...65_000)
        host = reader.string("HOST", default: "127.0.0.1")
        port = try reader.integer("PORT", default: base + service.portOffset, 1...65_535)
        databaseURL = try reader.required("DATABASE_URL")
        publicURL = try reader.url("PUBLIC_URL", default: "http://127.0.0.1:\(base)")
        clientURL = try reader.url("CLIENT_URL", default: publicURL)
        clientOrigin = WebURL(clientURL)?.origin ?? clientURL
        sandboxURL = reader.optional("SANDBOX_URL") == nil ? nil : try reader.url("SANDBOX_URL")
        egress = EgressGuard(allowing: try Self.ranges(reader.list("EGRESS_ALLOW")))
        logLevel = try reader.oneOf("LOG_LEVEL", default: Logger.Level.info)
        pipelinedConnections = try reader.integer("DATABASE_CONNECTIONS", default: 8, 1...64)
        transactionConnections = try reader.integer("DATABASE_TRANSACTIONS", default: 8, 1...256)
        serviceSecret = try Self.serviceSecret(reader)
        var peers: [ServiceName: String] = [:]
        for peer in ServiceName.allCases where peer != .sandbox {
            peers[peer] = try reader.url(
                "\(peer.rawValue.uppercased())_URL", default: "http://127.0.0.1:\(base + peer.portOffset)")
        }
        self.peers = peers
    }

    private static func ranges(_ texts: [String]) throws(BadSetting) -> [CIDR] {
        var ranges: [CIDR] = []
        for text in texts {
            guard let range = CIDR(text) else {
                throw BadSetting("EGRESS_ALLOW", "has '\(text)', which is no address range like 10.0.0.0/8")
            }
            ranges.append(range)
        }
        return ranges
    }

    /// A secret that is published with the project must never guard anything real.
    private static func serviceSecret(_ reader: SettingsReader) throws(BadSetting) -> Secret {
        let secret = try reader.secret("SERVICE_SECRET")
        guard secret.bytes.count >= 32 else { throw BadSetting("SERVICE_SECRET", "must have 32 characters or more") }
        let isDevelopment = reader.string("GUILDHALL_ENVIRONMENT", default: "production") == "development"
        if !isDevelopment, secret.reveal().hasPrefix("development-") {
            throw BadSetting("SERVICE_SECRET", "is the published development secret; set one of your own")
        }
        return secret
    }
}
