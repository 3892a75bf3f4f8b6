import ServiceKit
import SharedModels
import Testing

/// The promise under test: another site cannot write with somebody's cookie.
@Suite struct OriginRuleTests {
    private let rule = OriginRule(allowing: ["https://api.example.org/base", "http://localhost:5173"])

    @Test(
        arguments: [
            ("https://api.example.org", nil), ("HTTPS://API.EXAMPLE.ORG:443", "cross-site"),
            ("http://localhost:5173", "cross-site"),
            (nil, nil), (nil, "same-origin"), (nil, "none"),
        ] as [(String?, String?)])
    func `writes from our own pages, and from no page, pass`(origin: String?, fetchSite: String?) {
        #expect(rule.permits(.post, origin: origin, fetchSite: fetchSite))
    }

    @Test(
        arguments: [
            ("https://evil.example", nil), ("https://evil.example", "same-origin"), ("null", nil), ("", nil),
            ("http://api.example.org", nil), ("https://api.example.org.evil.example", nil),
            ("https://api.example.org:8443", nil),
            ("http://localhost", nil), (nil, "cross-site"), (nil, "same-site"), (nil, "nonsense"),
            ("https://api.example.org@evil.example", nil),
        ] as [(String?, String?)])
    func `writes from anywhere else do not`(origin: String?, fetchSite: String?) {
        for method in Method.allCases where method != .get {
            #expect(!rule.permits(method, origin: origin, fetchSite: fetchSite))
        }
    }

    @Test func `a page of ours alone may send the browser to what a cookie is enough for`() {
        for (page, fetchSite) in [
            (nil, "same-origin"), ("https://api.example.org/me", "same-origin"),
            ("http://localhost:5173/profile", "cross-site"), ("http://localhost:5173/", nil),
        ] as [(String?, String?)] {
            #expect(rule.permitsNavigation(from: page, fetchSite: fetchSite))
        }
        for (page, fetchSite) in [
            (nil, nil), (nil, "none"), (nil, ""), ("null", nil),
            ("https://evil.example/https://api.example.org/", "none"),
            (nil, "cross-site"), (nil, "same-site"), ("https://evil.example/", nil),
            ("https://evil.example/", "cross-site"), ("https://api.example.org.evil.example/", nil), ("", nil),
        ] as [(String?, String?)] {
            #expect(!rule.permitsNavigation(from: page, fetchSite: fetchSite))
        }
    }

    @Test func `reading is not writing`() {
        #expect(rule.permits(.get, origin: "https://evil.example", fetchSite: "cross-site"))
    }
}
