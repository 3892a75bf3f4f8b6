import Logging
import OutboundHTTP
import SharedModels

/// What every service reads from its environment.
package struct CommonSettings: Sendable {
    package let service: ServiceName
    package let host: String
    package let port: Int
    /// Holds the role's password.
    package let databaseURL: Secret
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

    package init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.every
        let base = try reader.value(declared.portBase)
        service = reader.service
        host = try reader.value(declared.host)
        port = reader.value(declared.port, default: base + service.portOffset)
        databaseURL = try reader.value(declared.databaseURL)
        serviceSecret = try reader.value(declared.serviceSecret)
        publicURL = try reader.value(declared.publicURL, inDevelopment: "http://127.0.0.1:\(base)")
        clientURL = reader.value(declared.clientURL, default: publicURL)
        clientOrigin = WebURL(clientURL)?.origin ?? clientURL
        sandboxURL = reader.optional(declared.sandboxURL)
        egress = EgressGuard(allowing: reader.value(declared.egressAllow, default: []))
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
