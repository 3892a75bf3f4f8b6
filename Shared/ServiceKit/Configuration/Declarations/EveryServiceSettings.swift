import Logging
import OutboundHTTP
import SharedModels

/// The settings that every service reads.
package struct EveryServiceSettings: Sendable {
    let environment = Setting(
        "GUILDHALL_ENVIRONMENT", .environment, default: "production", of: ServiceName.allCases,
        "Only `development` has development's conveniences: the sandbox, published secrets, http, private addresses.")
    let portBase = Setting(
        "GUILDHALL_PORT", .port(upTo: 65_000), default: "8080", of: ServiceName.allCases,
        "The gateway's port; those of the services follow from it.")
    let host = Setting(
        "HOST", .hostOrAddress, default: "127.0.0.1", of: ServiceName.allCases,
        "Where the service listens. Images set `0.0.0.0`.")
    let port = Setting(
        "PORT", .port(), without: "`GUILDHALL_PORT` and the service's place behind it", of: ServiceName.allCases,
        "The port that the service listens on. Images set `8080`.")
    let databaseURL = Setting(
        "DATABASE_URL", .postgresURL, of: ServiceName.withDatabase, outsideDevelopment: .notPublishedPassword,
        "The service's own database. `target_session_attrs=read-write` follows a failover.")
    let databaseOwnerURL = Setting(
        "DATABASE_OWNER_URL", .postgresURL,
        without: "the role of `DATABASE_URL` owns its tables, and could change the books",
        of: [.payments], outsideDevelopment: .notPublishedPassword,
        "The same database, as the role that owns the ledger. Only migrations use it.")
    let databaseConnections = Setting(
        "DATABASE_CONNECTIONS", .integer(1...64, "connections"), default: "8", of: ServiceName.withDatabase,
        "Statements share these: queries the first two, writes the others.")
    let databaseTransactions = Setting(
        "DATABASE_TRANSACTIONS", .integer(1...256, "connections"), default: "8", of: ServiceName.withDatabase,
        "How many transactions there are at once; each has a connection to itself.")
    let serviceSecret = Setting(
        "SERVICE_SECRET", .replaceableText(ofAtLeast: 32), of: ServiceName.withDatabase,
        outsideDevelopment: .notBeginning(with: "development-"),
        "What the tokens between services are signed with; the same in all of them.")
    let publicURL = Setting(
        "PUBLIC_URL", .httpURL, without: "required; in development the gateway's port on 127.0.0.1",
        of: ServiceName.allCases, outsideDevelopment: .https, "The gateway as it is seen from outside.")
    let clientURL = Setting(
        "CLIENT_URL", .httpURL, without: "`PUBLIC_URL`", of: ServiceName.allCases,
        "The web client: pages under its origin may write, links in mails lead there.")
    /// One address for each service that others call.
    private let peers = ServiceName.allCases.filter { ServiceName.withCallers.contains($0) }.map(Self.address)
    let egressAllow = Setting(
        "EGRESS_ALLOW", .ranges, without: "none", of: ServiceName.withDatabase, outsideDevelopment: .notSet,
        "Private and special addresses that the URLs of users may lead to.")
    let egressDeny = Setting(
        "EGRESS_DENY", .ranges, without: "none", of: ServiceName.withDatabase,
        "Public addresses that the URLs of users may not lead to: your own.")
    let sandboxURL = Setting(
        "SANDBOX_URL", .httpURL, without: "the machine's clock", of: ServiceName.allCases, outsideDevelopment: .notSet,
        "The sandbox, whose clock the services follow.")
    let logLevel = Setting<Logger.Level>(
        "LOG_LEVEL", .choice, default: "info", of: ServiceName.allCases, "The least that is logged.")

    /// The address of `peer`.
    func address(of peer: ServiceName) -> Setting<String> { Self.address(of: peer) }

    private static func address(of peer: ServiceName) -> Setting<String> {
        Setting(
            "\(peer.rawValue.uppercased())_URL", .httpURL, without: "its port on 127.0.0.1", of: ServiceName.allCases,
            "Where \(peer.rawValue) is.")
    }
}
