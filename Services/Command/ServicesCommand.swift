import ArgumentParser
import Foundation

struct ServicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services",
        abstract: "Prints what follows from the list of services into the files that must know them.")

    @Option(help: "The project's folder.")
    var root = "."

    func run() throws {
        for path in ServiceRegion.files {
            let file = URL(filePath: root).appending(path: path)
            let text = try String(contentsOf: file, encoding: .utf8)
            let printed = try ServiceRegion.printed(into: text)
            guard printed != text else { continue }
            try printed.write(to: file, atomically: false, encoding: .utf8)
            print(path)
        }
    }
}
