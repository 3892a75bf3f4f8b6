import ArgumentParser
import SharedModels

struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Prints nginx's locations, grouped by service and prefix.")

    func run() {
        print(GatewayRoutes.text, terminator: "")
    }
}

/// The gateway's route map: one location for all paths under a prefix that go to the same service.
///
/// nginx finds prefixes in a tree, so their number hardly matters, but it tries patterns one after another. So a
/// pattern is written only inside a prefix, for a path with parameters that goes to a different service. An undeclared
/// path under a prefix is refused by the service behind it, in the same shape as by the gateway.
enum GatewayRoutes {
    static var text: String {
        "# Printed by `guildhallctl gateway`; do not edit. A test fails when it is stale.\n"
            // nginx.conf.template has /docs: what the set-up built comes before the service's plain page.
            + text(of: Catalogue.published.filter { $0.id != Endpoints.health.docs.operation.id })
            + SocketPath.all.map(location).joined()
    }

    /// Where sockets are spoken: sessions that poll live in one process, so one address stays with one.
    private static func location(_ socket: SocketPath) -> String {
        "location = \(socket.path) { proxy_buffering off; proxy_pass http://\(socket.service.rawValue)_sockets; }\n"
    }

    static func text(of operations: [SharedModels.Operation]) -> String {
        var root = Branch(path: "")
        for (path, sharing) in Dictionary(grouping: operations, by: \.path).sorted(by: { $0.key < $1.key }) {
            let target = Target(sharing)
            root.insert(path.split(separator: "/"), Place(path: path, target: target))
        }
        return root.locations(besides: nil).joined()
    }
}

/// Where a request goes, and how large it may be.
private struct Target: Hashable {
    let service: ServiceName
    let largestBody: Int

    /// - Parameter operations: The operations at one path.
    init(_ operations: [SharedModels.Operation]) {
        service = operations[0].service
        precondition(operations.allSatisfy { $0.service == operations[0].service }, "\(operations[0].path) is shared")
        largestBody = operations.map(\.maximumBody).max() ?? SharedModels.Operation.ordinaryBody
    }

    var directives: String {
        let limit = largestBody > SharedModels.Operation.ordinaryBody ? "client_max_body_size \(largestBody); " : ""
        return "\(limit)proxy_pass http://\(service.rawValue);"
    }
}

/// A declared path.
private struct Place {
    let path: String
    let target: Target

    var location: String {
        guard path.contains("{") else { return "location = \(path) { \(target.directives) }\n" }
        let segments = path.split(separator: "/").map { segment in
            segment.hasPrefix("{") ? "[^/]+" : String(segment).replacing(".", with: "\\.")
        }
        return "location ~ ^/\(segments.joined(separator: "/"))$ { \(target.directives) }\n"
    }
}

/// A prefix without parameters, and all paths declared under it.
private struct Branch {
    let path: String
    /// The paths that end here or continue with a parameter.
    var places: [Place] = []
    var branches: [String: Branch] = [:]

    init(path: String) { self.path = path }

    mutating func insert(_ segments: some Collection<Substring>, _ place: Place) {
        guard let next = segments.first, !next.hasPrefix("{") else { return places.append(place) }
        let name = String(next)
        branches[name, default: Branch(path: "\(path)/\(name)")].insert(segments.dropFirst(), place)
    }

    private var everything: [Place] { places + branches.values.flatMap(\.everything) }

    /// - Parameter outer: The target of requests under this prefix that have no location here; `nil` means a 404.
    func locations(besides outer: Target?) -> [String] {
        let all = everything
        let targets = Set(all.map(\.target))
        if let outer, targets == [outer] { return [] }
        if all.count == 1, !all[0].path.contains("{") { return [all[0].location] }
        // The longest common prefix. Paths outside it stay a 404 of the gateway.
        if places.isEmpty, branches.count == 1 { return inner(besides: outer) }
        if targets.count == 1, !path.isEmpty { return [location(to: all[0].target, but: [])] }
        guard let most = mostWanted else {
            return places.filter { $0.target != outer }.map(\.location) + inner(besides: outer)
        }
        let others = places.filter { $0.target != most }
        return [location(to: most, but: others.filter { $0.path.contains("{") })]
            + others.filter { !$0.path.contains("{") }.map(\.location) + inner(besides: most)
    }

    private func location(to target: Target, but others: [Place]) -> String {
        guard !others.isEmpty else { return "location \(path) { \(target.directives) }\n" }
        return "location \(path) {\n"
            + others.map { "    \($0.location)" }.joined() + "    \(target.directives)\n}\n"
    }

    private func inner(besides outer: Target?) -> [String] {
        branches.sorted { $0.key < $1.key }.flatMap { $0.value.locations(besides: outer) }
    }

    /// The most frequent target of the paths that continue with a parameter; `nil` when there are no such paths.
    private var mostWanted: Target? {
        var counts: [(target: Target, count: Int)] = []
        for place in places where place.path.contains("{") {
            if let index = counts.firstIndex(where: { $0.target == place.target }) {
                counts[index].count += 1
            } else {
                counts.append((place.target, 1))
            }
        }
        return counts.max { $0.count < $1.count }?.target
    }
}
