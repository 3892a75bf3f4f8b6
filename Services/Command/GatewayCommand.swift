import ArgumentParser
import SharedModels

struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "Prints nginx's locations, one for each published path.")

    func run() {
        print(GatewayRoutes.text, terminator: "")
    }
}

/// The gateway's route map, in the order of the declarations: exact paths, and patterns for those with parameters.
enum GatewayRoutes {
    static var text: String {
        var seen: Set<String> = []
        let operations = Catalogue.published.filter { seen.insert($0.path).inserted }
        return "# Printed by `guildhallctl gateway`; do not edit. A test fails when it is stale.\n"
            + operations.map(location).joined()
    }

    private static func location(_ operation: SharedModels.Operation) -> String {
        let path = operation.path
        return "location \(pattern(path)) { \(limit(path))proxy_pass http://\(operation.service.rawValue); }\n"
    }

    /// Where more than the usual body is taken; nothing elsewhere.
    private static func limit(_ path: String) -> String {
        let largest = Catalogue.published.filter { $0.path == path }.map(\.maximumBody).max() ?? 0
        return largest > SharedModels.Operation.ordinaryBody ? "client_max_body_size \(largest); " : ""
    }

    private static func pattern(_ path: String) -> String {
        guard path.contains("{") else { return "= \(path)" }
        let segments = path.split(separator: "/").map { segment -> String in
            segment.hasPrefix("{") ? "[^/]+" : String(segment).replacing(".", with: "\\.")
        }
        return "~ ^/\(segments.joined(separator: "/"))$"
    }
}
