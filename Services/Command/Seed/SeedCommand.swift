import ArgumentParser
import Foundation

struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Fills a development stack with fifty people, two hundred gigs and deals in every state.",
        discussion: """
            Everything goes through the public API. Moves the stack's clock forward by --days. Reads STRIPE_SECRET_KEY, \
            SERVICE_SECRET and ADMIN_PASSWORD from the environment.
            """)

    @Option(help: "The gateway.")
    var url = ProcessInfo.processInfo.environment["PUBLIC_URL"] ?? "http://127.0.0.1:8080"

    @Option(help: "The sandbox.")
    var sandbox = ProcessInfo.processInfo.environment["SANDBOX_URL"] ?? "http://127.0.0.1:8089"

    @Option(help: "How many days of history the market gets; 0 leaves the clock alone.")
    var days = 8

    func validate() throws {
        guard (0...12).contains(days) else { throw ValidationError("--days must be 0 to 12, so that no deal lapses") }
    }

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let stripeKey = environment["STRIPE_SECRET_KEY"], let serviceSecret = environment["SERVICE_SECRET"],
            let password = environment["ADMIN_PASSWORD"]
        else {
            throw ValidationError(
                "STRIPE_SECRET_KEY, SERVICE_SECRET and ADMIN_PASSWORD must be set: `make seed` takes them from .local")
        }
        let world = DemoWorld(
            gateway: url, sandbox: sandbox, payments: "", stripeKey: stripeKey, serviceSecret: serviceSecret)
        do {
            try await Seed(world: world, adminPassword: password, days: days).plant()
            await world.close()
        } catch {
            await world.close()
            print("\nThe market is not whole: \(error)")
            throw ExitCode(1)
        }
    }
}
