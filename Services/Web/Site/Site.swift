import Foundation
import GuildhallClient
import Logging
import ServiceKit
import SharedModels

/// All that pages share: the API, the templates, and how a request becomes a page.
struct Site: Sendable {
    let api: GuildhallClient
    let templates: Templates
    let assets: Assets
    let clock: any DomainClock
    let cookies: WebCookies
    let sandbox: Sandbox?
    let publicURL: String
    let logger: Logger
    private let origins: OriginRule

    /// - Parameter patience: A page that waits longer than this for the API says so instead.
    init(_ kit: StatelessKit, patience: Duration = .seconds(10)) throws {
        self.init(
            api: GuildhallClient(services: kit.settings.peers, deadline: patience, http: kit.http),
            templates: try Templates(Self.folder("templates")), assets: try Assets(Self.folder("assets")),
            clock: kit.clock, publicURL: kit.settings.publicURL, clientURL: kit.settings.clientURL,
            sandbox: kit.settings.sandboxURL.map { Sandbox(url: $0, http: kit.http) }, logger: kit.logger)
    }

    init(
        api: GuildhallClient, templates: Templates, assets: Assets, clock: any DomainClock, publicURL: String,
        clientURL: String, sandbox: Sandbox?, logger: Logger
    ) {
        (self.api, self.templates, self.assets, self.clock) = (api, templates, assets, clock)
        (self.sandbox, self.publicURL, self.logger) = (sandbox, publicURL, logger)
        cookies = WebCookies(publicURL: publicURL)
        origins = OriginRule(allowing: [publicURL, clientURL])
    }

    static func folder(_ name: String) -> URL {
        Bundle.module.bundleURL.appendingPathComponent("Resources/\(name)")
    }

    func register(_ groups: [any PageGroup], on routes: RawRoutes) {
        var map = SiteMap()
        for group in groups { group.register(on: &map) }
        for entry in map.entries {
            routes.on(entry.method, entry.path, formLimit: entry.takesFile ? SiteMap.formLimit : nil) {
                await respond($0, entry)
            }
        }
        routes.on(.post, HeldForm.path) { await resume($0) }
        routes.on(.get, "/assets/{name}") { request in
            if let answer = assets.answer(request) { return answer }
            return await respond(request, SiteMap.nothing)
        }
        routes.on(.get, "/**") { await respond($0, SiteMap.nothing) }
        routes.on(.post, "/**") { await respond($0, SiteMap.nothing) }
    }

    private func respond(_ request: RawRequest, _ entry: SiteMap.Entry) async -> Answer {
        let form = request.form.map { Fields(typed: $0.fields) }
        guard let body = form ?? Fields(request.method == .post ? request.body : []) else {
            return await shown(
                .page(Self.refusal(400, "The form cannot be read.")), Visit(request, self, body: Fields()))
        }
        let visit = Visit(request, self, body: body)
        do {
            if entry.method == .post, let refused = refusedForm(visit, entry) { return await shown(refused, visit) }
            if entry.needsSession, !visit.isSignedIn { throw NotSignedIn() }
            return await shown(try await entry.handler(visit), visit)
        } catch {
            return await shown(answer(to: error, visit), visit)
        }
    }

    /// A page of another site may make a browser send a form here, with the visitor's cookies. So a form has to come from a
    /// page of ours, and carry what only that page knows.
    private func refusedForm(_ visit: Visit, _ entry: SiteMap.Entry) -> WebAnswer? {
        if isOurs(visit), visit.token.fits(visit.fields.raw("token")) { return nil }
        // A person who has signed in again sends an open page's form with the token of the earlier session.
        if isOurs(visit), entry.needsSession, let held = HeldForm(visit) {
            return held.page(visit, isSignedIn: visit.isSignedIn)
        }
        return .page(
            Self.refusal(
                403,
                "The form was not sent, because it does not belong to this session. Go back, load the page again, and send it once more."
            ))
    }

    private func isOurs(_ visit: Visit) -> Bool {
        origins.permits(
            .post, origin: visit.request.header("Origin"), fetchSite: visit.request.header("Sec-Fetch-Site"))
    }

    /// Shows a form that was held, to be sent by who has signed in again. It changes nothing, so it needs no token.
    private func resume(_ request: RawRequest) async -> Answer {
        let visit = Visit(request, self, body: Fields(request.body) ?? Fields())
        guard isOurs(visit), let held = HeldForm(resuming: visit.fields) else {
            return await shown(.page(Self.refusal(400, "The form cannot be read.")), visit)
        }
        // While auth cannot be asked, nobody is signed in; the person may try again.
        let person = try? await visit.visitor()
        return await shown(held.page(visit, isSignedIn: person != nil), visit)
    }

    private func answer(to error: any Error, _ visit: Visit) -> WebAnswer {
        switch error {
        case is NotSignedIn: return HeldForm(visit)?.page(visit, isSignedIn: false) ?? signIn(visit)
        case let refusal as GuildhallRefusal:
            if refusal.status == 401 {
                return HeldForm(visit)?.page(visit, isSignedIn: false) ?? signIn(visit, ended: visit.isSignedIn)
            }
            // An action whose button is on another page: that page says what was wrong.
            if visit.request.method == .post, refusal.status < 500, let back = visit.fields.text("back") {
                return .see(OwnPath.checked(back), .failed(refusal.sentence))
            }
            return .page(Self.page(for: refusal))
        case is NotForYou: return .page(Self.refusal(403, "This page is for admins."))
        case is NothingThere:
            return .page(Self.refusal(404, "There is nothing here, or nothing that you may see."))
        case let problem as FieldProblem:
            let sentence = "\(problem.issue.path) \(problem.issue.message)".asSentence
            return .see(OwnPath.checked(visit.fields.text("back")), .failed(sentence))
        default:
            logger.error("page failed", metadata: ["path": "\(visit.request.path)", "error": "\(error)"])
            return .page(
                Self.refusal(
                    503, "The marketplace cannot be reached just now. Nothing of yours is lost; try again in a moment.")
            )
        }
    }

    /// To the sign-in, and back here afterwards. A form leads back to the page that it was on.
    private func signIn(_ visit: Visit, ended: Bool = false) -> WebAnswer {
        let request = visit.request
        let here = request.rawQuery.isEmpty ? request.path : "\(request.path)?\(request.rawQuery)"
        let back = OwnPath.checked(request.method == .get ? here : visit.fields.text("back"))
        return .see(
            OwnPath.signIn(backTo: back), ended ? .failed("Your session has ended. Please sign in again.") : nil,
            cookies: ended ? [cookies.end(WebCookies.session)] : [])
    }

    static func page(for refusal: GuildhallRefusal) -> WebPage {
        switch refusal.status {
        case 404: return Self.refusal(404, "There is nothing here, or nothing that you may see.")
        case 403: return Self.refusal(403, refusal.message)
        default:
            let isFault = refusal.status >= 500
            var page = Self.refusal(
                isFault ? 503 : refusal.status, isFault ? refusal.message : refusal.sentence, request: refusal.requestID
            )
            if let wait = refusal.retryAfter { page.retryAfter = wait }
            return page
        }
    }

    static func refusal(_ status: Int, _ message: String, request: String? = nil) -> WebPage {
        let title =
            switch status {
            case 404: "Nothing here"
            case 403: "Not allowed"
            case 500...: "Not available just now"
            default: "That did not work"
            }
        var values: Values = ["message": message]
        values["requestID"] = request
        var page = WebPage("refusal", title, values, status: status)
        if status == 503 { page.retryAfter = 2 }
        return page
    }

    /// The answer as it is sent.
    private func shown(_ answer: WebAnswer, _ visit: Visit) async -> Answer {
        switch answer {
        case .raw(let answer): return answer
        case .leave(let address): return Answer(status: 303, headers: [("Location", address)])
        case .see(let path, let flash, let set):
            var headers = [(name: "Location", value: OwnPath.checked(path))] + set.map { ("Set-Cookie", $0) }
            if let flash { headers.append(("Set-Cookie", cookies.setFlash(flash))) }
            return Answer(status: 303, headers: headers)
        case .page(let page): return await html(page, visit)
        }
    }

    private func html(_ page: WebPage, _ visit: Visit) async -> Answer {
        var headers = Policy.headers(page)
        if let wait = page.retryAfter { headers.append(("Retry-After", String(wait))) }
        if let secret = visit.newVisit { headers.append(("Set-Cookie", cookies.setVisit(secret))) }
        let flash = cookies.flash(in: visit.request.header("Cookie"))
        if flash != nil { headers.append(("Set-Cookie", cookies.end(WebCookies.flash))) }
        // The page does not need the name above it; it may have failed with the rest.
        let person = try? await visit.visitor()
        do {
            let text = try templates.render(
                page.template, page.values.merging(layout(page, visit, person, flash)) { $1 })
            return Answer(status: page.status, headers: headers, body: Array(text.utf8))
        } catch {
            logger.error("template failed", metadata: ["template": "\(page.template)", "error": "\(error)"])
            return .text("Something went wrong on our side.\n", status: 500)
        }
    }

    private func layout(_ page: WebPage, _ visit: Visit, _ person: SessionView?, _ flash: Flash?) -> Values {
        var layout: Values = [
            "title": page.title, "style": assets.address(of: "style.css"), "script": assets.address(of: "site.js"),
            "icon": assets.address(of: "icon.svg"), "pay": assets.address(of: "pay.js"), "token": visit.token.text,
            "here": Navigation.entries(for: person, at: page.place), "isNamed": page.template != "landing",
        ]
        if let flash { layout["flash"] = ["text": flash.text, "failed": flash.kind == .failed] as Values }
        layout["missing"] = page.missing
        if let person {
            layout["person"] =
                ["name": person.displayName, "id": "\(person.userID)", "type": person.userType.rawValue] as Values
        } else if visit.request.path != "/sign-in" {
            let back = visit.request.method == .get ? visit.request.path : "/"
            layout["signIn"] = OwnPath.signIn(backTo: back)
        }
        return ["layout": layout]
    }
}

extension GuildhallRefusal {
    /// The refusal with all that is wrong, where there is no form to show it at.
    var sentence: String {
        issues.isEmpty ? message : issues.map { "\($0.path) \($0.message)".asSentence }.joined(separator: " ")
    }
}

/// The pages, by method and address.
struct SiteMap: Sendable {
    typealias Handler = @Sendable (Visit) async throws -> WebAnswer

    struct Entry: Sendable {
        let method: SharedModels.Method
        let path: String
        let needsSession: Bool
        var takesFile = false
        let handler: Handler
    }

    /// A little more than the largest file that an endpoint takes. What is longer, the gateway refuses already.
    static let formLimit = 101 << 20

    private(set) var entries: [Entry] = []

    static let nothing = Entry(method: .get, path: "/**", needsSession: false) { _ in
        .page(Site.refusal(404, "There is nothing here, or nothing that you may see."))
    }

    /// A page for everybody.
    mutating func open(_ path: String, _ handler: @escaping Handler) { add(.get, path, false, handler) }
    /// A page for who is signed in.
    mutating func get(_ path: String, _ handler: @escaping Handler) { add(.get, path, true, handler) }
    /// A form that everybody may send.
    mutating func openPost(_ path: String, _ handler: @escaping Handler) { add(.post, path, false, handler) }
    /// A form of who is signed in.
    mutating func post(_ path: String, _ handler: @escaping Handler) { add(.post, path, true, handler) }

    /// A form with a file, of who is signed in. The file is passed on by ``Visit/pass(to:path:)``, and never read whole.
    mutating func upload(_ path: String, _ handler: @escaping Handler) {
        add(.post, path, true, takesFile: true, handler)
    }

    private mutating func add(
        _ method: SharedModels.Method, _ path: String, _ needsSession: Bool, takesFile: Bool = false,
        _ handler: @escaping Handler
    ) {
        entries.append(
            Entry(method: method, path: path, needsSession: needsSession, takesFile: takesFile, handler: handler))
    }
}
