import ArgumentParser
import Foundation
import ServiceKit
import SharedModels

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Prints docs/configuration.md from the declarations of the settings.")

    @Option(help: "Print only the names of what this service reads, one a line.")
    var names: String?

    @Option(help: "Check a file with a line NAME=VALUE for each setting, and print nothing.")
    var check: String?

    func run() throws {
        if let check {
            let file = SettingsFile(try String(contentsOfFile: check, encoding: .utf8))
            for fault in file.faults { FileHandle.standardError.write(Data("\(check), \(fault)\n".utf8)) }
            if !file.faults.isEmpty { throw ExitCode(1) }
        } else if let names {
            guard let service = ServiceName(rawValue: names) else {
                throw ValidationError("\(names) is not a service")
            }
            for setting in Declared.all(of: service) { print(setting.declaration.name) }
        } else {
            print(ConfigurationDocument.text, terminator: "")
        }
    }
}
