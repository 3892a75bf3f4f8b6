import Foundation
import ServiceKit
import SharedModels

/// Jobs owns gigs and jobs, applications to them, who is engaged or hired, and the catalogue of categories and skills.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.jobs, settings: { _ in }, migrations: .module) { kit, _ in
            let features = Features(kit)

            GigRoutes(workflow: features.gigs, search: features.search).register(on: kit.routes)
            ApplicationRoutes(workflow: features.applications).register(on: kit.routes)
            EngagementRoutes(workflow: features.engagements).register(on: kit.routes)
            JobRoutes(workflow: features.jobs, expansion: features.expansion).register(on: kit.routes)
            JobApplicationRoutes(workflow: features.jobApplications, expansion: features.expansion)
                .register(on: kit.routes)
            HiringRoutes(workflow: features.hirings).register(on: kit.routes)
            JobImportRoutes(workflow: features.jobImport).register(on: kit.routes)
            ListedNameRoutes(categories: features.categories, skills: features.skills).register(on: kit.routes)

            features.news.register(on: kit.events)
            features.hirings.register(on: kit.scheduler)
            features.departures.register(on: kit.scheduler)
            features.wordRenewal.register(on: kit.scheduler)
        }
    }
}
