import ServiceKit
import SharedModels

/// Lines that follow from the list of services, in a file that is otherwise written by hand. They are between two marks,
/// of which the first names the region.
enum ServiceRegion: String, CaseIterable {
    /// README.md: the table.
    case table
    /// The local scripts: the programs, in the order of their ports.
    case programs
    /// nginx: where requests go.
    case upstreams
    /// Compose: the settings `<SERVICE>_URL`.
    case addresses
    /// Compose: for each service the anchor of what it has in common with the others.
    case anchors
    /// Compose: what the databases' roles sign in with.
    case passwords
    /// Compose: the services that nobody has written a block for.
    case services
    /// Compose: what the gateway's template is filled in with.
    case gateway
    /// Compose: what the gateway waits for.
    case dependencies
    /// Compose in production.
    case requiredPasswords = "required passwords"
    case productionServices = "production services"

    static let files = [
        "README.md", "docker-compose.yml", "deploy/compose.production.yml", "deploy/local/lib/settings.bash",
        "deploy/nginx/nginx.conf.template",
    ]
    private static let start = "printed by guildhallctl services: "
    private static let end = "end of what is printed"

    struct Unprintable: Error, CustomStringConvertible {
        let description: String
    }

    /// `text` with its regions printed again.
    static func printed(into text: String) throws(Unprintable) -> String {
        var parts: [(lines: [Substring], region: Self?, indentation: Substring)] = [([], nil, "")]
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let mark = line.firstRange(of: start) {
                let name = line[mark.upperBound...].replacing(" -->", with: "")
                guard !isInside else { throw Unprintable(description: "\(name) begins inside another region") }
                guard let region = Self(rawValue: String(name)) else {
                    throw Unprintable(description: "there is no region \(name)")
                }
                parts[parts.count - 1].lines.append(line)
                parts[parts.count - 1].region = region
                parts[parts.count - 1].indentation = line.prefix { $0 == " " }
                parts.append(([], nil, ""))
                isInside = true
            } else if line.contains(end) {
                guard isInside else { throw Unprintable(description: "a region ends that has not begun") }
                isInside = false
            }
            if !isInside { parts[parts.count - 1].lines.append(line) }
        }
        guard !isInside else { throw Unprintable(description: "a region does not end") }

        let written = Set(parts.flatMap(\.lines))
        return parts.flatMap { part in
            let lines = part.region?.lines { written.contains("  \($0.rawValue):") } ?? []
            return part.lines.map(String.init) + lines.map { $0.isEmpty ? "" : part.indentation + $0 }
        }.joined(separator: "\n")
    }

    /// - Parameter hasBlock: Whether somebody wrote a block for the service in this file.
    private func lines(unless hasBlock: (ServiceName) -> Bool) -> [String] {
        let all = ServiceName.allCases
        let behindGateway = all.filter { $0 != .sandbox }
        let called = all.filter(ServiceName.withCallers.contains)
        return switch self {
        case .table:
            [
                "", "| Service | Port | Owns |", "| --- | --- | --- |",
                "| gateway | 8080 | nothing: nginx, with routes printed from the endpoint declarations |",
            ] + all.map { "| \($0) | \(8080 + $0.portOffset) | \($0.owns) |" } + [""]
        case .programs:
            [
                "# The port is the gateway's plus the place in this list.",
                "PROGRAMS=(gateway \(Self.words(all)))", "SERVICES=(\(Self.words(behindGateway)))",
                "# Those that others call, and those that keep something.",
                "PEERS=(\(Self.words(called)))", "DATABASES=(\(Self.words(ServiceName.withDatabase)))",
            ]
        case .upstreams:
            behindGateway.map { "upstream \($0) { server ${\($0.upper)_UPSTREAM} max_fails=0; keepalive 64; }" }
        case .addresses: called.map { "\($0.upper)_URL: http://\($0):8080" }
        case .anchors: Array(all.map(\.anchor).joined(separator: [""]))
        case .passwords: all.flatMap(\.roles).map(\.passwordLine)
        case .services: all.filter { !hasBlock($0) }.map { "\($0): *\($0)" }
        case .gateway: behindGateway.map { "\($0.upper)_UPSTREAM: \($0):8080" }
        case .dependencies: behindGateway.map { "\($0): { condition: service_healthy }" }
        case .requiredPasswords: all.flatMap(\.roles).map(\.requiredLine)
        case .productionServices:
            all.filter { !hasBlock($0) }.map { "\($0): *\($0.hasDatabase ? "production" : "stateless")" }
        }
    }

    private static func words(_ services: [ServiceName]) -> String { services.map(\.rawValue).joined(separator: " ") }
}

/// A role of PostgreSQL that a service signs in as, and where Compose has its password.
private struct DatabaseRole {
    let service: ServiceName
    let isOwner: Bool

    private var setting: String { isOwner ? "DATABASE_OWNER" : "DATABASE" }
    private var inDevelopment: String { "${\(password):-development-\(service)\(isOwner ? "-owner" : "")}" }

    var password: String { "\(service.upper)_\(setting)_PASSWORD" }
    var passwordLine: String { "\(password): \(inDevelopment)" }
    var requiredLine: String { "\(password): \(service == .sandbox ? "\"\"" : "${\(password):?}")" }
    var urlLine: String {
        let role = "guildhall_\(service)\(isOwner ? "_owner" : "")"
        return "\(setting)_URL: postgresql://\(role):\(inDevelopment)@postgres/guildhall_\(service)"
    }
}

extension ServiceName {
    fileprivate var upper: String { rawValue.uppercased() }
    fileprivate var hasDatabase: Bool { Self.withDatabase.contains(self) }

    fileprivate var roles: [DatabaseRole] {
        guard hasDatabase else { return [] }
        let hasOwner = Declared.all(of: self).contains { $0.declaration.name == "DATABASE_OWNER_URL" }
        return [DatabaseRole(service: self, isOwner: false)]
            + (hasOwner ? [DatabaseRole(service: self, isOwner: true)] : [])
    }

    /// Its block in docker-compose.yml, but for settings and volumes of its own.
    fileprivate var anchor: [String] {
        let isOutside = Self.reachingOutside.contains(self)
        // The sandbox's ends as its port does, and links to it are known.
        let host = self == .sandbox ? 9 : 10 + portOffset
        func address(_ network: String, _ host: Int) -> String {
            "    \(network): { ipv4_address: \"${GUILDHALL_NETWORK:-172.30.89}.\(host)\" }"
        }
        var lines = [
            "x-\(self): &\(self)", "  <<: *service", "  image: guildhall-\(self):${GUILDHALL_VERSION:-local}",
            "  build: { context: ., dockerfile: deploy/Dockerfile, args: { SERVICE: \(self) } }",
            "  environment: &\(self)-settings", "    <<: *\(hasDatabase ? "settings" : "stateless")",
        ]
        if !isOutside {
            lines += ["    # By name, because it calls nobody outside.", "    SANDBOX_URL: http://sandbox:8089"]
        }
        lines += roles.map { "    \($0.urlLine)" }
        if !hasDatabase { lines.append("  depends_on: []") }
        lines.append("  networks:")
        if hasDatabase { lines.append("    database: {}") }
        if isOutside { lines.append(address("outgoing", host)) }
        return lines + [address("services", host + 64)]
    }
}
