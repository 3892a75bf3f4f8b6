import Foundation
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: the documentation of settings matches the programs.
@Suite struct ConfigurationDocumentTests {
    @Test func `the committed docs/configuration.md is what the declarations print`() throws {
        let committed = try Repository.text("docs/configuration.md")
        #expect(committed == ConfigurationDocument.text, "print it: guildhallctl settings > docs/configuration.md")
    }

    @Test func `it has every setting that a service reads, in that service's table or in the common one`() throws {
        let sections = ConfigurationDocument.text.components(separatedBy: "\n## ")
        let common = sections.filter { $0.hasPrefix("Every service") }.joined()
        for service in ServiceName.allCases {
            let own = try #require(sections.first { $0.hasPrefix(service.rawValue) })
            for setting in Declared.all(of: service).map(\.declaration) {
                #expect((common + own).contains("| `\(setting.name)` |"), "\(service): \(setting.name)")
            }
        }
    }

    @Test func `every variable that a program or a test reads from its environment is declared`() throws {
        var (count, unknown) = (0, Set<String>())
        for folder in ["Services", "Shared", "Tests"] {
            // A sample of the API's documentation reads a variable of its reader's.
            for path in try Repository.files(in: folder, ending: ".swift") where !path.hasSuffix("/CodeSamples.swift") {
                for read in try Repository.text(path).matches(of: /environment\["([A-Z_]+)"\]/) {
                    count += 1
                    if !Declared.names.contains(String(read.1)) { unknown.insert("\(path): \(read.1)") }
                }
            }
        }
        #expect(unknown == [])
        // Else the reads are written otherwise than this test looks for.
        #expect(count >= 20)
    }

    @Test func `web, which keeps nothing, is given no secret`() throws {
        #expect(!Declared.all(of: .web).contains { $0.declaration.isSecret })
    }

    @Test(arguments: ServiceName.withDatabase)
    func `a program's own list has the form of each setting, and tells which are secrets`(service: ServiceName) throws {
        let list = try #require(ConfigurationDocument.json(of: service)["settings"]?.array)
        #expect(list.count == Declared.all(of: service).count)
        let secret = try #require(list.first { $0["name"] == "SERVICE_SECRET" })
        #expect(secret["secret"] == true && secret["required"] == true && secret["default"] == .null)
        #expect(secret["form"] == "32 characters or more; `new,old` while it is being replaced")
    }
}
