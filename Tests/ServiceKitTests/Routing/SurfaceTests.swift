import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: even for an unknown path, a caller gets answers in the shape of the intended surface.
@Suite struct SurfaceTests {
    private static let operations = Catalogue.all + Things.all

    @Test(arguments: [
        ("/api/gigs/1/2/3/4", Surface.clawConnected), ("/api/nothing", .clawConnected), ("/", .clawConnected),
        ("", .clawConnected), ("/nothing", .clawConnected), ("/api/authors", .clawConnected),
        ("/api/admin/nothing", .clawConnected), ("/api/auth/nothing", .skillhouse), ("/api/auth", .skillhouse),
        ("/api/client/nothing", .skillhouse), ("/v1/nothing", .skillSync), ("/v1", .skillSync),
        ("/v1/oauth/nothing", .oauth), ("/v1/oauth", .oauth), ("/internal/nothing", .internal),
    ])
    func `a path without an endpoint is on the surface of those beside it`(path: String, surface: Surface) {
        #expect(Surface(ofUnknown: path, beside: Self.operations) == surface)
    }

    @Test func `the path of an endpoint is on the endpoint's surface, whatever the method`() {
        for operation in Self.operations {
            #expect(Surface(ofUnknown: operation.path, beside: Self.operations) == operation.surface)
        }
    }
}
