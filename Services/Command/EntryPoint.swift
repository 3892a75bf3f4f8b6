import ArgumentParser

@main
struct EntryPoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guildhallctl",
        abstract: "Looks after a Guildhall.",
        subcommands: [
            OpenAPICommand.self, GatewayCommand.self, DemoCommand.self, DoctorCommand.self, ReconcileCommand.self,
            SettingsCommand.self, EventsCommand.self,
        ]
    )
}
