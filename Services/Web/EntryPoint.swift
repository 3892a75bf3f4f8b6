import ServiceKit
import SharedModels

/// Web shows the marketplace to people: pages made on the server, from the public API and with the visitor's own session.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.runStateless(.web, settings: { _ in }) { kit, _ in
            try Site(kit).register(Pages.all, on: kit.rawRoutes)
        }
    }
}
