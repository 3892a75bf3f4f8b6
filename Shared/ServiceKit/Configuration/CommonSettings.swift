import Logging
import OutboundHTTP
import SharedModels

/// The settings that every service reads from its environment.
package struct CommonSettings: Sendable {
    package let service: ServiceName
    package let host: String
    package let port: Int
    /// Holds the role's password.
    package let databaseURL: Secret
    /// The role that owns the tables and changes their form; `nil` where that is the service's own.
    package let databaseOwnerURL: Secret?
    /// Signs the tokens between services. The same in all services.
    package let serviceSecret: RotatingSecret
    /// The gateway's URL as seen from outside.
    package let publicURL: String
    /// The web client's URL, for CORS, links in mails and return URLs.
    package let clientURL: String
    /// The web client's origin, as browsers send it.
    package let clientOrigin: String
    /// Set in development only. Services then follow the sandbox's clock.
    package let sandboxURL: String?
    package let egress: EgressGuard
    package let logLevel: Logger.Level
    package let peers: [ServiceName: String]
    /// The number of connections over which statements are pipelined.
    package let pipelinedConnections: Int
    /// The maximum number of transactions at once, one connection each.
    package let transactionConnections: Int

    package init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.every
        let base = try reader.value(declared.portBase)
        service = reader.service
        host = try reader.value(declared.host)
        port = reader.value(declared.port, default: base + service.portOffset)
        databaseURL = try reader.value(declared.databaseURL)
        databaseOwnerURL = service == .payments ? reader.optional(declared.databaseOwnerURL) : nil
        serviceSecret = try reader.value(declared.serviceSecret)
        publicURL = try reader.value(declared.publicURL, inDevelopment: "http://127.0.0.1:\(base)")
        clientURL = reader.value(declared.clientURL, default: publicURL)
        clientOrigin = WebURL(clientURL)?.origin ?? clientURL
        sandboxURL = reader.optional(declared.sandboxURL)
        egress = EgressGuard(
            allowing: reader.value(declared.egressAllow, default: []),
            denying: reader.value(declared.egressDeny, default: []))
        logLevel = try reader.value(declared.logLevel)
        pipelinedConnections = try reader.value(declared.databaseConnections)
        transactionConnections = try reader.value(declared.databaseTransactions)
        var peers: [ServiceName: String] = [:]
        for peer in ServiceName.allCases where peer != .sandbox {
            peers[peer] = reader.value(
                declared.address(of: peer), default: "http://127.0.0.1:\(base + peer.portOffset)")
        }
        self.peers = peers
    }
}
