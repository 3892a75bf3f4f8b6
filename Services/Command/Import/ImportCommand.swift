import ArgumentParser
import Foundation

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Brings the data of another marketplace in.",
        subcommands: [SkillhouseImportCommand.self])
}

struct SkillhouseImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skillhouse",
        abstract: "Brings in what `mongodump` or `mongoexport` wrote of the original Skillhouse.",
        discussion:
            """
            DUMP is a folder with a file for each collection: users.bson, jobs.bson, … as mongodump writes them, packed \
            or not, or users.json, …, as JSON lines or as an array. A run that was broken off is repeated. How far it is \
            stands on the standard error. \
            SERVICE_SECRET, and AUTH_URL and its like for services on other machines, are those of the services. \
            Exits with 2 when something was refused. See “Moving from the original” in docs/skillhouse.md.
            """
    )

    @Argument(help: "The folder of the export.")
    var dump: String

    @Flag(
        help: """
            Changes nothing, and tells what would be refused. The services are asked, too, if SERVICE_SECRET is set.
            """)
    var dryRun = false

    @Flag(help: "The installation goes on with the original's Stripe account, where the clients' payments are.")
    var sameStripeAccount = false

    @Option(help: "The gateway's port; the services' follow from it. Without it GUILDHALL_PORT, or 8080.")
    var port: Int?

    func run() async throws {
        let (folder, live): (DumpFolder, LiveImport?)
        do {
            folder = try DumpFolder(dump)
            let environment = ProcessInfo.processInfo.environment
            live =
                try dryRun && (environment["SERVICE_SECRET"] ?? "").isEmpty
                ? nil
                : LiveImport(environment, at: ServicePlaces(environment, port: port), isRehearsal: dryRun)
        } catch let error as DumpError {
            throw ValidationError(error.description)
        }
        let job = SkillhouseImport(
            folder, to: live ?? Rehearsal(), isRehearsal: dryRun, usesSameStripe: sameStripeAccount,
            progress: .onStandardError())
        do {
            try await job.run()
        } catch {
            print(job.report)
            print("broken off: \(error)\n\(dryRun ? "Nothing was changed" : "What is imported stays"); run it again.")
            await live?.close()
            throw ExitCode(1)
        }
        await live?.close()
        print(job.report)
        if live == nil { print("The installation was not asked, as SERVICE_SECRET is not set: it may refuse more.") }
        guard job.report.isClean else { throw ExitCode(2) }
    }
}
