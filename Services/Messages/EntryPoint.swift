import Foundation
import ServiceKit
import SharedModels

/// Messages has its schema and its operations endpoints; its public endpoints come with the SkillSync surface.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.messages, settings: { _ in }, migrations: .module) { _, _ in }
    }
}
