import ServiceKit
import SharedModels

/// `/`: what this is for who is not signed in; what waits for who is.
struct HomePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.open("/", home)
    }

    @Sendable private func home(_ visit: Visit) async throws -> WebAnswer {
        guard visit.isSignedIn else {
            return .page("landing", "Guildhall, the freelance marketplace you host yourself")
        }
        let person = try await visit.person()
        return .page("home", "Home", ["name": person.displayName], place: "home")
    }
}
