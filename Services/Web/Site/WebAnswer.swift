import ServiceKit

/// What a page's handler gives back.
enum WebAnswer: Sendable {
    case page(WebPage)
    /// To a path of our own, with a note that the next page shows.
    case see(String, Flash? = nil, cookies: [String] = [])
    /// To an address that the API gave: GitHub's sign-in, Stripe's onboarding.
    case leave(String)
    case raw(Answer)
}

/// A page: a template inside the layout, and what it is filled with.
struct WebPage: Sendable {
    var template: String
    var title: String
    var values: Values
    var status = 200
    /// Which entry of the navigation is the present one.
    var place: String?
    /// What could not be had for it, in words.
    var missing: String?
    /// After how many seconds another try makes sense; `nil` for a page that needs none.
    var retryAfter: Int?
    /// What pages of Stripe's need beyond ours (see ``Policy``).
    var showsStripe = false

    init(_ template: String, _ title: String, _ values: Values = [:], status: Int = 200, place: String? = nil) {
        (self.template, self.title, self.values) = (template, title, values)
        (self.status, self.place) = (status, place)
    }
}

extension WebAnswer {
    /// - Parameter parts: What the page has beside its own matter, and may be missing.
    static func page(
        _ template: String, _ title: String, _ values: Values = [:], status: Int = 200, place: String? = nil,
        _ parts: Parts? = nil
    ) -> Self {
        var page = WebPage(template, title, values, status: status, place: place)
        page.missing = parts?.missing
        return .page(page)
    }
}

/// A note that the next page shows once.
struct Flash: Sendable {
    enum Kind: String, CaseIterable { case done, failed }
    let kind: Kind
    let text: String

    static func done(_ text: String) -> Self { Self(kind: .done, text: text) }
    static func failed(_ text: String) -> Self { Self(kind: .failed, text: text) }
}
