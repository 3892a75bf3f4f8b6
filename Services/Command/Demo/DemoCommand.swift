import ArgumentParser
import Foundation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Plays one whole deal through the gateway of a development stack, from posting to payout.",
        discussion:
            "Moves the stack's clock forward by the payout delay. Reads STRIPE_SECRET_KEY and SERVICE_SECRET from the environment."
    )

    @Option(help: "The gateway.")
    var url = ProcessInfo.processInfo.environment["PUBLIC_URL"] ?? "http://127.0.0.1:8080"

    @Option(help: "The sandbox.")
    var sandbox = ProcessInfo.processInfo.environment["SANDBOX_URL"] ?? "http://127.0.0.1:8089"

    @Option(help: "The payments service, for its ledger.")
    var payments = ProcessInfo.processInfo.environment["PAYMENTS_URL"] ?? "http://127.0.0.1:8085"

    @Option(help: "The host name at which the stack reaches this machine, for the webhook.")
    var receiverHost = "127.0.0.1"

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let stripeKey = environment["STRIPE_SECRET_KEY"], let serviceSecret = environment["SERVICE_SECRET"] else {
            throw ValidationError(
                "STRIPE_SECRET_KEY and SERVICE_SECRET must be set: `make demo` takes them from .local/env")
        }
        let world = DemoWorld(
            gateway: url, sandbox: sandbox, payments: payments, stripeKey: stripeKey, serviceSecret: serviceSecret)
        do {
            try await WebhookReceiver.run(host: receiverHost) { receiver in
                try await Demo(world: world, receiver: receiver).play()
            }
            await world.close()
        } catch {
            await world.close()
            print("\nThe demo stopped: \(error)")
            throw ExitCode(1)
        }
    }
}

/// A figure differs from the expected one.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
