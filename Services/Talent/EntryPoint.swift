import Foundation
import ServiceKit
import SharedModels

/// Talent owns profiles, with their resumes, pictures, vouches and repositories, and the media that people show.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.talent, settings: TalentSettings.init, migrations: .module) { kit, settings in
            let features = try await Features(kit, settings)

            ProfileRoutes(workflow: features.profiles, links: features.links).register(on: kit.routes)
            PeopleRoutes(workflow: features.people, workProfiles: features.workProfiles, links: features.links)
                .register(on: kit.routes)
            FreelancerProfileRoutes(workflow: features.workProfiles, links: features.links).register(on: kit.routes)
            ClientProfileRoutes(workflow: features.workProfiles, links: features.links).register(on: kit.routes)
            PictureRoutes(workflow: features.pictures, links: features.links.pictures).register(on: kit.routes)
            MediaRoutes(workflow: features.media, links: features.links.pictures).register(on: kit.routes)
            TalentProfileRoutes(
                workflow: features.talentProfiles, pictures: features.pictures, links: features.links
            ).register(on: kit.routes)
            ResumeRoutes(workflow: features.resumes, links: features.links).register(on: kit.routes)
            VouchRoutes(workflow: features.vouches).register(on: kit.routes)
            RepositoryRoutes(workflow: features.repositories, links: features.links).register(on: kit.routes)

            MatchRoutes(workflow: features.matching.workflow, decisions: features.matching.decisions).register(
                on: kit.routes)
            ProfileImportRoutes(workflow: features.profileImport).register(on: kit.routes)
            AnalyticsRoutes(workflow: features.analytics).register(on: kit.routes)

            features.news.register(on: kit.events)
            features.matching.register(on: kit.scheduler)
            features.analytics.folding.register(on: kit.scheduler)
            features.files.register(on: kit.scheduler)
            features.talentProfiles.register(on: kit.scheduler)
            features.people.register(on: kit.scheduler)
            features.repositories.register(on: kit.scheduler)
        }
    }
}
