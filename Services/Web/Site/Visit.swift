import Foundation
import GuildhallClient
import OutboundHTTP
import ServiceKit
import SharedModels

/// One request of a visitor, and what pages need to answer it.
struct Visit: Sendable {
    let request: RawRequest
    /// The API, asked with the visitor's own session.
    let api: GuildhallClient
    let display: Display
    let token: FormToken
    let fields: Fields
    let cookies: WebCookies
    let isSignedIn: Bool
    /// Where a click stands for a test card; in development only.
    let sandbox: Sandbox?
    let publicURL: String
    /// What the forms of a visitor are bound to who comes for the first time. The answer sets it as a cookie.
    let newVisit: String?
    fileprivate let who: Task<SessionView, any Error>?

    /// Who is signed in; `nil` for nobody. It is asked beside the page's own calls, once.
    ///
    /// - Throws: ``GuildhallRefusal`` when the session has ended.
    func visitor() async throws -> SessionView? { try await who?.value }

    /// Who is signed in, on pages that only they see.
    func person() async throws -> SessionView {
        guard let person = try await visitor() else { throw NotSignedIn() }
        return person
    }

    /// A part of the path: what `{name}` stands for.
    func part(_ name: String) -> String { request.pathParameters[name] ?? "" }

    /// The values of the path for a call whose template has the same names.
    var parts: [String: String] { request.pathParameters }

    /// A parameter of the query; `nil` when it is missing or empty.
    func query(_ name: String) -> String? {
        request.query.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    /// The named parameters that are there, for a call that takes the same.
    func queries(_ names: String...) -> [String: String] {
        var found: [String: String] = [:]
        for name in names { found[name] = query(name) }
        return found
    }

    /// This page with other parameters. `nil` takes one away.
    func address(with changes: [String: String?]) -> String {
        var pairs = request.query.filter { !changes.keys.contains($0.name) && !$0.value.isEmpty }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            if let value { pairs.append((name, value)) }
        }
        guard !pairs.isEmpty else { return request.path }
        return request.path + "?"
            + pairs.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    }

    /// The link to a list's next page, for the partial `more`.
    func more(_ cursor: String?) -> Values? {
        cursor.map { ["address": address(with: ["cursor": $0])] }
    }
}

struct NotSignedIn: Error {}
/// A page that is for admins alone.
struct NotForYou: Error {}
/// What was asked for is not part of what was found.
struct NothingThere: Error {}

/// The made-up outside world, and the way there.
struct Sandbox: Sendable {
    let url: String
    let http: OutboundHTTP
}

extension Visit {
    /// - Parameter body: What a form sent; empty for a page that is only looked at.
    init(_ request: RawRequest, _ site: Site, body: Fields) {
        let cookies = site.cookies
        let header = request.header("Cookie")
        let session = cookies.value(of: WebCookies.session, in: header)
        var api = site.api.adding(RequestTrace.current?.headers ?? [])
        // Auth counts failed sign-ins by address. The gateway says which address this is.
        if let address = request.header("X-Real-IP") { api = api.adding([("X-Real-IP", address)]) }
        if let session {
            api = api.signedIn(as: .session(session))
        }
        let asked = api
        let isSignedIn = session != nil
        let known = session ?? cookies.value(of: WebCookies.visit, in: header)
        let secret = known ?? UUID().uuidString + UUID().uuidString
        self.init(
            request: request, api: asked,
            display: Display(
                languages: request.header("Accept-Language"), zone: cookies.zone(in: header), now: site.clock.now),
            token: FormToken(boundTo: secret), fields: body, cookies: cookies, isSignedIn: isSignedIn,
            sandbox: site.sandbox, publicURL: site.publicURL,
            newVisit: known == nil ? secret : nil,
            who: isSignedIn ? Task { try await asked.call(Endpoints.session.current) } : nil)
    }
}
