import ArgumentParser
import Foundation
import SharedModels

/// Where the services are: on this machine, by the gateway's port, or where `AUTH_URL` and its like say.
struct ServicePlaces {
    private let given: [String: String]
    private let port: Int

    /// - Parameters:
    ///   - environment: `AUTH_URL` and its like, for each service that is elsewhere, and `GATEWAY_URL`.
    ///   - port: The gateway's on this machine; without it `GUILDHALL_PORT`, or 8080.
    init(_ environment: [String: String], port: Int? = nil) throws {
        given = environment.filter { !$0.value.isEmpty }
        if let port {
            self.port = port
        } else if let text = given["GUILDHALL_PORT"] {
            guard let port = Int(text) else { throw ValidationError("GUILDHALL_PORT must be a port, not '\(text)'") }
            self.port = port
        } else {
            self.port = 8080
        }
    }

    var gateway: String { given["GATEWAY_URL"] ?? "http://127.0.0.1:\(port)" }

    func url(of service: ServiceName) -> String {
        elsewhere(service) ?? "http://127.0.0.1:\(port + service.portOffset)"
    }

    /// Only development has a sandbox, and there it gives the time.
    var services: [ServiceName] { ServiceName.allCases.filter { $0 != .sandbox || given["SANDBOX_URL"] != nil } }

    /// Whether `make up` started it: what helps is then a command of `make`.
    func isLocal(_ url: String) -> Bool { url.hasPrefix("http://127.0.0.1:") }

    private func elsewhere(_ service: ServiceName) -> String? { given["\(service.rawValue.uppercased())_URL"] }
}
