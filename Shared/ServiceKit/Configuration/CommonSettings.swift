import Logging
import OutboundHTTP
import SharedModels

/// The settings that every service with a database reads from its environment.
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
        let place = try StatelessSettings(reader)
        service = place.service
        host = place.host
        port = place.port
        databaseURL = try reader.value(declared.databaseURL)
        databaseOwnerURL = service == .payments ? reader.optional(declared.databaseOwnerURL) : nil
        serviceSecret = try reader.value(declared.serviceSecret)
        publicURL = place.publicURL
        clientURL = place.clientURL
        clientOrigin = WebURL(clientURL)?.origin ?? clientURL
        sandboxURL = place.sandboxURL
        egress = EgressGuard(
            allowing: reader.value(declared.egressAllow, default: []),
            denying: reader.value(declared.egressDeny, default: []))
        logLevel = place.logLevel
        peers = place.peers
        pipelinedConnections = try reader.value(declared.databaseConnections)
        transactionConnections = try reader.value(declared.databaseTransactions)
    }
}
