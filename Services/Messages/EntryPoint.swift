import Foundation
import ServiceKit
import SharedModels

/// Messages owns conversations and what is said in them.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.messages, settings: { _ in }, migrations: .module) { kit, _ in
            let features = Features(kit)

            MessageRoutes(workflow: features.messages).register(on: kit.routes)
            ConversationRoutes(
                workflow: features.conversations, live: features.live, clock: kit.clock
            ).register(on: kit.routes)
            OpeningRoutes(workflow: features.openings).register(on: kit.routes)
            ChatImportRoutes(workflow: features.chatImport).register(on: kit.routes)

            features.news.register(on: kit.events)
            features.departures.register(on: kit.scheduler)
            kit.background(features.bell)
            kit.background(features.chatFeed)
            kit.background(features.presence)
            kit.sockets.serve(features.chat, at: SocketPath.chat.path)
        }
    }
}
