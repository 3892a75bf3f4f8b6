import Foundation
import ServiceKit
import SharedModels

@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.talent, settings: TalentSettings.init, migrations: .module) { kit, settings in
            ProfileRoutes(
                workflow: ProfileWorkflow(
                    database: kit.database, inbox: kit.inbox, profiles: ProfileStore(), peers: kit.peers,
                    githubBase: settings.githubBase)
            ).register(on: kit.routes)
        }
    }
}
