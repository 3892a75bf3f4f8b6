import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: Compose gives each service the settings that it reads. Nothing is missing or misspelt, and
/// no secret goes to a service that does not use it.
@Suite struct ComposeTests {
    private let development: ComposeFile
    private let production: ComposeFile

    /// The settings of an operator in production.
    private static let own = [
        "SERVICE_SECRET": String(repeating: "s", count: 40), "PUBLIC_URL": "https://api.example",
        "CLIENT_URL": "https://app.example", "GITHUB_CLIENT_ID": "Iv1.ours", "GITHUB_CLIENT_SECRET": "ours",
        "ADMIN_EMAIL": "admin@example.com", "ADMIN_PASSWORD": "quite-Long-enough-7",
        "STRIPE_SECRET_KEY": "sk_live_ours",
        "STRIPE_WEBHOOK_SECRET": "whsec_ours", "PAYMENTS_DATABASE_OWNER_PASSWORD": "ours",
    ].merging(ServiceName.allCases.map { ("\($0.rawValue.uppercased())_DATABASE_PASSWORD", "ours") }) { $1 }

    init() throws {
        development = try ComposeFile(Repository.text("docker-compose.yml"))
        production = try ComposeFile(Repository.text("deploy/compose.production.yml"))
    }

    @Test(arguments: ServiceName.allCases)
    func `a service is given settings that it reads, and no others`(service: ServiceName) {
        let read = Set(Declared.all(of: service).map(\.declaration.name))
        let given = development.environment(of: service.rawValue, under: production)
        #expect(!given.isEmpty)
        #expect(Set(given.keys).subtracting(read).sorted() == [], "\(service) does not read these")
    }

    @Test(arguments: ServiceName.allCases)
    func `with the development file alone every service would start`(service: ServiceName) throws {
        let environment = try development.environment(of: service.rawValue).mapValues { try ComposeFile.filled($0) }
        try expectSound(environment, service)
    }

    @Test(arguments: ServiceName.allCases.filter { $0 != .sandbox })
    func `with the production file on top every service would start, and holds nothing published`(
        service: ServiceName
    ) throws {
        let environment = try development.environment(of: service.rawValue, under: production)
            .mapValues { try ComposeFile.filled($0, Self.own) }
        #expect(environment["GUILDHALL_ENVIRONMENT"] == "production")
        try expectSound(environment, service)
    }

    @Test func `guildhallctl is told where every service is, and has the secret of the services`() throws {
        let environment = development.environment(of: "guildhallctl")
        for service in ServiceName.allCases where service != .sandbox {
            #expect(environment["\(service.rawValue.uppercased())_URL"] == "http://\(service.rawValue):8080")
        }
        #expect(development.networks(of: "guildhallctl") == ["outgoing", "services"])
        let ours = development.environment(of: "guildhallctl", under: production)
        #expect(try ComposeFile.filled(ours["SERVICE_SECRET"] ?? "", Self.own) == Self.own["SERVICE_SECRET"])
        #expect(ours["SANDBOX_URL"] == "")
    }

    @Test func `every container is limited in memory, processes and log, and has no more rights than it needs`() {
        #expect(
            development.serviceNames
                == Set(ServiceName.allCases.map(\.rawValue) + ["postgres", "gateway", "guildhallctl"]))
        for container in development.serviceNames {
            for limit in ["mem_limit", "pids_limit"] {
                #expect(development.text(limit, of: container) != nil, "\(container) has no \(limit)")
            }
            #expect(development.text("logging", of: container)?.contains("max-size") == true, "\(container)")
            #expect(development.text("read_only", of: container) == "true", "\(container)")
            #expect(development.text("cap_drop", of: container) == "[ALL]", "\(container)")
        }
    }

    @Test func `the gateway does not reach the database, and only who calls providers reaches the world`() {
        #expect(development.networks(of: "postgres") == ["database"])
        #expect(development.networks(of: "gateway") == ["entrance", "services"])
        #expect(development.networks(of: "web") == ["services"])
        let calling: Set<ServiceName> = [.auth, .talent, .contracts, .payments, .notifications, .sandbox]
        for service in ServiceName.withDatabase {
            let own = calling.contains(service) ? ["outgoing"] : []
            #expect(development.networks(of: service.rawValue) == Set(["database", "services"] + own), "\(service)")
        }
    }

    private func expectSound(_ environment: [String: String], _ service: ServiceName) throws {
        let reader = try SettingsReader(service, environment)
        _ = try StatelessSettings(reader)
        if ServiceName.withDatabase.contains(service) { _ = try CommonSettings(reader) }
        for setting in Declared.all(of: service).map(\.declaration) where setting.requirers.contains(service) {
            #expect(environment[setting.name]?.isEmpty == false, "\(service) needs \(setting.name)")
        }
    }
}
