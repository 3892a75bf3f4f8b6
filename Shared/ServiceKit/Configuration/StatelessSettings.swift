import Logging
import SharedModels

/// The settings of a service that keeps nothing: where it listens, and where the others are. No secret is among them.
package struct StatelessSettings: Sendable {
    package let service: ServiceName
    package let host: String
    package let port: Int
    /// The gateway's URL as seen from outside.
    package let publicURL: String
    /// The web client's URL, for CORS, links in mails and return URLs.
    package let clientURL: String
    /// Set in development only. Services then follow the sandbox's clock.
    package let sandboxURL: String?
    package let isDevelopment: Bool
    package let logLevel: Logger.Level
    package let peers: [ServiceName: String]

    package init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.every
        let base = try reader.value(declared.portBase)
        service = reader.service
        host = try reader.value(declared.host)
        port = reader.value(declared.port, default: base + service.portOffset)
        publicURL = try reader.value(declared.publicURL, inDevelopment: "http://127.0.0.1:\(base)")
        clientURL = reader.value(declared.clientURL, default: publicURL)
        sandboxURL = reader.optional(declared.sandboxURL)
        isDevelopment = reader.isDevelopment
        logLevel = try reader.value(declared.logLevel)
        var peers: [ServiceName: String] = [:]
        for peer in ServiceName.withCallers {
            peers[peer] = reader.value(
                declared.address(of: peer), default: "http://127.0.0.1:\(base + peer.portOffset)")
        }
        self.peers = peers
    }
}
