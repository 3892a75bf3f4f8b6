import Foundation
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a service is an entry in `ServiceName`, and every other place that must know about it does
/// (`docs/adding-a-service.md`). Missing entries are reported by file.
@Suite struct ServiceEntryTests {
    @Test(arguments: ServiceName.allCases)
    func `everything that must know a service does`(service: ServiceName) throws {
        let name = service.rawValue
        let (title, upper) = (name.prefix(1).uppercased() + name.dropFirst(), name.uppercased())
        var missing: [String] = []
        func expect(_ file: String, _ texts: String...) throws {
            let content = try Repository.text(file)
            for text in texts where !content.contains(text) { missing.append("\(file): \(text)") }
        }

        let keeps = ServiceName.withDatabase.contains(service)
        for part in ["EntryPoint.swift", keeps ? "Migrations" : "Resources"]
        where !Repository.exists("Services/\(title)/\(part)") {
            missing.append("Services/\(title)/\(part)")
        }
        try expect("Package.swift", "(\"\(title)\", ")
        try expect(
            "Services/\(title)/EntryPoint.swift", keeps ? "Microservice.run(" : "Microservice.runStateless(",
            ".\(name),")
        try expect("README.md", "| \(name) | \(8080 + service.portOffset) |")
        try expect("docs/architecture.md", name)
        try expect(
            "docker-compose.yml", "\n  \(name):\n", "args: { SERVICE: \(name) }")
        try expect("deploy/compose.production.yml", "\n  \(name):")
        if keeps {
            try expect("docker-compose.yml", "\(upper)_DATABASE_PASSWORD: ", "guildhall_\(name):")
            try expect("deploy/compose.production.yml", "\(upper)_DATABASE_PASSWORD: ")
        }
        if ServiceName.withCallers.contains(service) {
            try expect("docker-compose.yml", "\(upper)_URL: http://\(name):8080")
        }
        if service != .sandbox {
            try expect(
                "docker-compose.yml", "\(upper)_UPSTREAM: \(name):8080",
                "\n      \(name): { condition: service_healthy }")
            try expect("deploy/nginx/nginx.conf.template", "${\(upper)_UPSTREAM}")
        }
        #expect(missing == [], "docs/adding-a-service.md has the steps")
    }

    @Test func `the scripts know every service by the place that its port has behind the gateway's`() throws {
        let text = try Repository.text("deploy/local/lib/settings.bash")
        let list = try #require(text.firstMatch(of: /\nPROGRAMS=\(([^)]*)\)/)).1.split(separator: " ")
        var expected = ["gateway"] + [String](repeating: "''", count: list.count - 1)
        for service in ServiceName.allCases where service.portOffset < list.count {
            expected[service.portOffset] = service.rawValue
        }
        #expect(list.map(String.init) == expected)
        #expect(ServiceName.allCases.allSatisfy { $0.portOffset < list.count })
        #expect(Set(ServiceName.allCases.map(\.portOffset)).count == ServiceName.allCases.count)
    }

    @Test func `Compose runs every service, and beside them only the database and the gateway`() throws {
        let names = try ComposeFile(Repository.text("docker-compose.yml")).serviceNames
        #expect(names.subtracting(ServiceName.allCases.map(\.rawValue)) == ["postgres", "gateway"])
    }
}
