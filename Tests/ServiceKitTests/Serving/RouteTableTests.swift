import HTTPTypes
import NIOHTTP1
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a path means one route, and a template's own words go before its names.
@Suite struct RouteTableTests {
    private func found(_ method: String, _ path: String) async -> String? {
        var table = RouteTable()
        for template in ["/", "/a", "/a/{id}", "/a/new", "/a/{id}/b", "/a/new/c", "/{x}/{y}/d", "/w/**"] {
            table.add(.get, template) { _, parameters in
                let values = parameters.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                return ServedAnswer(status: 200, headers: [:], body: .bytes(Array("\(template) \(values)".utf8)))
            }
        }
        table.add(.post, "/a") { _, _ in ServedAnswer(status: 201, headers: [:], body: .bytes(Array("posted ".utf8))) }
        table.add(.post, "/a/only") { _, _ in ServedAnswer(status: 201, headers: [:], body: .none) }
        guard let (respond, parameters) = table.find(method, path) else { return nil }
        let head = try? IncomingHead(.init(version: .http1_1, method: .GET, uri: path, headers: ["Host": "x"]))
        guard let head else { return nil }
        let answer = await respond(IncomingRequest(head, body: .whole([]), departure: Departure()), parameters)
        guard case .bytes(let bytes) = answer.body else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        arguments: [
            ("/", "/ "), ("/a", "/a "), ("/a/1", "/a/{id} id=1"), ("/a/%20é", nil), ("/a/%20", "/a/{id} id=%20"),
            ("/a/new", "/a/new "), ("/a/new/b", "/a/{id}/b id=new"), ("/a/new/c", "/a/new/c "),
            ("/a/1/d", "/{x}/{y}/d x=a,y=1"), ("/a/", nil), ("/a//b", nil), ("//a", nil), ("/b", nil), ("/A", nil),
            ("/a/1/b/", nil), ("/w", nil), ("/w/x", "/w/** "), ("/w/x/y/z", "/w/** "),
        ] as [(String, String?)])
    func `A path finds its route, with the values of its names`(path: String, expected: String?) async {
        #expect(await found("GET", path) == expected)
    }

    @Test func `A method finds its own route`() async {
        #expect(await found("POST", "/a") == "posted ")
        #expect(await found("PUT", "/a") == nil)
        #expect(await found("POST", "/a/1") == nil)
        // It is no thing with the id `only`.
        #expect(await found("GET", "/a/only") == nil)
    }

    @Test(arguments: [(0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT")])
    func `A date is written as headers want it`(second: Int, text: String) {
        #expect(String(decoding: HTTPDate.text(of: second), as: UTF8.self) == text)
    }
}
