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
        abstract: "Brings in what `mongoexport` wrote of the original Skillhouse.",
        discussion:
            """
            DUMP is a folder with a file for each collection (users.json, jobs.json, …), as JSON lines or as an array. A run \
            that was broken off is repeated. Exits with 2 when something was refused. See “Moving from the original” in \
            docs/skillhouse.md.
            """
    )

    @Argument(help: "The folder of the export.")
    var dump: String

    @Flag(help: "Sends nothing, and tells what would be refused.")
    var dryRun = false

    @Flag(help: "The installation goes on with the original's Stripe account, where the clients' payments are.")
    var sameStripeAccount = false

    func run() async throws {
        let folder: DumpFolder
        do {
            folder = try DumpFolder(dump)
        } catch let error as DumpError {
            throw ValidationError(error.description)
        }
        let job = SkillhouseImport(
            folder, to: Rehearsal(), isRehearsal: dryRun, usesSameStripe: sameStripeAccount)
        try await job.run()
        print(job.report)
        guard job.report.isClean else { throw ExitCode(2) }
    }

    func validate() throws {
        guard dryRun else { throw ValidationError("Nothing can be sent yet: use --dry-run.") }
    }
}
