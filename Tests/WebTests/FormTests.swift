import Foundation
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: a form says what is wrong where it is wrong, and the keyboard begins there.
@Suite struct FormTests {
    @Test func `what is no number is told at its field, as it was typed`() async throws {
        try await WebWorld.run { world in
            let shown = try await world.person().post("/agents", [("name", "Scout"), ("limit", "a lot")])
            #expect(shown.status == 422)
            #expect(shown.text.contains("Must be a whole number.") && shown.text.contains("value=\"a lot\""))
            // A browser would send nothing for letters in an input of the type number.
            #expect(!shown.text.contains("type=\"number\"") && shown.text.contains("inputmode=\"numeric\""))
            #expect(world.api.requests(to: Endpoints.hostedAgents.create).isEmpty)
        }
    }

    @Test func `the keyboard begins at the first field that is wrong, and nowhere when nothing is`() async throws {
        try await WebWorld.run { world in
            world.api.refuse(
                Endpoints.gigs.create, .validationFailed, "The input is not valid.",
                [
                    InputIssue(path: "rate_cents", message: "is too much"),
                    InputIssue(path: "title", message: "is required"),
                ])
            let person = world.person()
            #expect(try await !person.get("/gigs/new").text.contains("autofocus"))
            let refused = try await person.post("/gigs/new", [("rate", "50")])
            #expect(refused.text.ranges(of: "autofocus").count == 1)
            let title = try #require(refused.text.range(of: "name=\"title\""))
            let focus = try #require(refused.text.range(of: "autofocus"))
            #expect(!refused.text[title.upperBound..<focus.lowerBound].contains(">"))
        }
    }
}
