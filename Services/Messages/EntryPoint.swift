import Foundation
import ServiceKit
import SharedModels

/// Messages has its schema and its operations endpoints. Its public endpoints will come with the SkillSync surface.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.messages, settings: { _ in }, migrations: .module) { _, _ in }
    }
}
