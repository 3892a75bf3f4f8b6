import GuildhallClient
import ServiceKit
import SharedModels

/// What somebody signs in with, on the page of the settings: what is linked, and what can be.
struct SignInMethodPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.post("/settings/github/unlink") {
            try await unlink($0, Endpoints.session.unlinkGitHub, "GitHub")
        }
        site.post("/settings/google/unlink") {
            try await unlink($0, Endpoints.session.unlinkGoogle, "Google")
        }
    }

    private func unlink(_ visit: Visit, _ endpoint: Endpoint<NoInput, NoOutput>, _ name: String) async throws
        -> WebAnswer
    {
        _ = try await visit.api.call(endpoint)
        return .see("/settings", .done("\(name) is no longer linked to your account."))
    }

    /// A line for each way in. The only one cannot be taken away.
    ///
    /// - Parameter offered: The doors that this marketplace has.
    static func values(_ person: SessionView, _ offered: [Door], _ visit: Visit) -> [Values] {
        let canLose = person.signInMethods.count > 1
        return SignInMethod.allCases.compactMap { method in
            let isThere = person.signInMethods.contains(method)
            let door = Door(method)
            var values: Values = ["method": door?.name ?? "Password", "state": state(isThere)]
            if isThere, !canLose { values["hint"] = "Your only way in, so it stays." }
            guard let door else {
                values["way"] =
                    ["address": "/forgot-password", "label": isThere ? "Change it by mail" : "Set one by mail"]
                    as Values
                return values
            }
            guard isThere || offered.contains(door) else { return nil }
            if door == .gitHub { values["who"] = person.githubUsername }
            if !isThere {
                values["way"] =
                    ["address": door.linkAddress(backTo: "/settings"), "label": "Link \(door.name)"] as Values
            } else if canLose {
                values["unlink"] = button(door.name, "/settings/\(method.rawValue)/unlink", visit)
            }
            return values
        }
    }

    private static func state(_ isThere: Bool) -> Values {
        isThere ? Status.values("In use", .good) : Status.values("Not in use", .calm)
    }

    private static func button(_ name: String, _ action: String, _ visit: Visit) -> Values {
        visit.button("Unlink \(name)", action, style: "quiet", back: "/settings")
    }
}
