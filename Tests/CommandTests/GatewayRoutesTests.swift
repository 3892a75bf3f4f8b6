import Foundation
import SharedModels
import Testing

@testable import Command

/// The promise under test: every declared path leads to its service, and a hundred more cost nothing.
@Suite struct GatewayRoutesTests {
    @Test func `the committed routes are what the declarations print`() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let committed = try String(contentsOf: root.appending(path: "deploy/nginx/routes.conf"), encoding: .utf8)
        #expect(committed == GatewayRoutes.text, "run `make routes`")
    }

    @Test func `paths of one service below one prefix share a location`() {
        let text = GatewayRoutes.text(of: [
            operation("/api/gigs", GigEndpoints.self), operation("/api/gigs/{id}", GigEndpoints.self),
            operation("/api/gigs/{id}/apply", GigEndpoints.self),
            operation("/api/credits", CreditEndpoints.self),
        ])
        #expect(
            text == """
                location = /api/credits { proxy_pass http://payments; }
                location /api/gigs { proxy_pass http://jobs; }

                """)
    }

    @Test func `a path with a parameter that leads elsewhere is a pattern inside its prefix`() {
        let text = GatewayRoutes.text(of: [
            operation("/api/profile/me", ProfileEndpoints.self), operation("/api/profile/{id}", ProfileEndpoints.self),
            operation("/api/profile/{id}/reviews.json", ContractEndpoints.self),
            operation("/api/profile/{id}/resume", ProfileEndpoints.self),
        ])
        #expect(
            text == """
                location /api/profile {
                    location ~ ^/api/profile/[^/]+/reviews\\.json$ { proxy_pass http://contracts; }
                    proxy_pass http://talent;
                }

                """)
    }

    @Test func `a path that takes more than the usual body has its own location`() {
        let field = FileField("file", types: [.pdf], maximum: 5 << 20)
        let text = GatewayRoutes.text(of: [
            operation("/api/profile/{id}", ProfileEndpoints.self),
            operation("/api/profile/me/photo", ProfileEndpoints.self, file: field),
            operation("/api/profile/{id}/files", ProfileEndpoints.self, file: field),
            operation("/api/profile/{id}/skills", ProfileEndpoints.self),
        ])
        #expect(
            text == """
                location /api/profile {
                    location ~ ^/api/profile/[^/]+/files$ { client_max_body_size 5308416; proxy_pass http://talent; }
                    proxy_pass http://talent;
                }
                location = /api/profile/me/photo { client_max_body_size 5308416; proxy_pass http://talent; }

                """)
    }

    @Test func `services below one prefix are told apart by the next part of the path`() {
        let text = GatewayRoutes.text(of: [
            operation("/api/admin/users", AuthEndpoints.self), operation("/api/admin/users/{id}", AuthEndpoints.self),
            operation("/api/admin/skills", GigEndpoints.self),
            operation("/v1/messages/{id}", NotificationEndpoints.self),
            operation("/api/admin", AuthEndpoints.self),
        ])
        #expect(
            text == """
                location = /api/admin { proxy_pass http://auth; }
                location = /api/admin/skills { proxy_pass http://jobs; }
                location /api/admin/users { proxy_pass http://auth; }
                location /v1/messages { proxy_pass http://notifications; }

                """)
    }

    @Test func `a hundred more paths below the prefixes that are there need no location`() {
        let few = [
            operation("/api/gigs/{id}", GigEndpoints.self), operation("/api/contracts/{id}", ContractEndpoints.self),
        ]
        let many = (0..<50).flatMap {
            [
                operation("/api/gigs/{id}/part\($0)", GigEndpoints.self),
                operation("/api/contracts/part\($0)/{id}", ContractEndpoints.self),
            ]
        }
        #expect(GatewayRoutes.text(of: few + many) == GatewayRoutes.text(of: few))
    }

    @Test func `no declared path is below what the gateway refuses`() {
        for operation in Catalogue.published {
            for refused in ["/internal", "/health", "/metrics"] {
                #expect(!operation.path.hasPrefix(refused), "\(operation.path)")
            }
        }
    }

    private func operation(_ path: String, _ group: any EndpointGroup.Type, file: FileField? = nil)
        -> SharedModels.Operation
    {
        guard let file else {
            return Endpoint<NoInput, NoOutput>(path, .get, path, of: group, access: .anyone, "made up").operation
        }
        return Endpoint<FileInput, NoOutput>(path, .post, path, of: group, access: .anyone, file: file, "made up")
            .operation
    }
}
