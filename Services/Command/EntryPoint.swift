import ArgumentParser
import SharedModels

@main
struct EntryPoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guildhallctl",
        abstract: "Looks after a Guildhall.",
        version: "guildhallctl \(Release.version)",
        subcommands: [
            OpenAPICommand.self, GatewayCommand.self, DemoCommand.self, SeedCommand.self, DoctorCommand.self,
            ReconcileCommand.self, SettingsCommand.self, ServicesCommand.self, EventsCommand.self, ImportCommand.self,
        ]
    )
}
