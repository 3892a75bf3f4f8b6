import ArgumentParser
import SharedModels

struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Prints the OpenAPI 3.1 document of every published endpoint.")

    @Option(help: "The gateway's URL, as the document names it.")
    var server = "http://127.0.0.1:8080"

    func run() {
        print(String(decoding: OpenAPIDocument.make(server: server).bytes, as: UTF8.self))
    }
}
