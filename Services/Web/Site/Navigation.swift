import SharedModels

/// The entries above every page.
enum Navigation {
    private struct Entry {
        let place: String
        let address: String
        let label: String
        /// Whose it is; everybody's when `nil`.
        var of: UserType?
    }

    private static let entries = [
        Entry(place: "home", address: "/", label: "Home"),
        Entry(place: "board", address: "/gigs", label: "Gigs"),
        Entry(place: "own-gigs", address: "/gigs/mine", label: "Your gigs", of: .client),
        Entry(place: "applications", address: "/applications", label: "Applications", of: .freelancer),
        Entry(place: "people", address: "/people", label: "Freelancers", of: .client),
        Entry(place: "deals", address: "/deals", label: "Deals"),
        Entry(place: "messages", address: "/messages", label: "Messages"),
        Entry(place: "earnings", address: "/earnings", label: "Earnings", of: .freelancer),
        Entry(place: "build", address: "/build", label: "Build"),
    ]

    private static let admins = Entry(place: "admin", address: "/admin", label: "Administration")

    static func entries(for person: SessionView?, at place: String?) -> [Values] {
        guard let person else { return [] }
        let own = entries.filter { $0.of == nil || $0.of == person.userType }
        return (own + (person.role == .admin ? [admins] : [])).map {
            ["address": $0.address, "label": $0.label, "present": $0.place == place]
        }
    }
}
