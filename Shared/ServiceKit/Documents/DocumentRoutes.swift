import SharedModels

/// `/openapi.json`, `/docs`, `/llms.txt` and `/skill.md`, generated from the declarations.
package struct DocumentRoutes: Sendable {
    private let publicURL: String
    private let sandboxURL: String?

    package init(_ kit: Kit) {
        publicURL = kit.settings.publicURL
        sandboxURL = kit.settings.sandboxURL
    }

    package func register(on routes: Routes) {
        let document = TextOnDemand { [publicURL] in
            String(decoding: OpenAPIDocument.make(server: publicURL).bytes, as: UTF8.self)
        }
        routes.handle(Endpoints.health.openAPI) { _, call in
            call.setHeader("Cache-Control", "public, max-age=300")
            return TextOutput("application/json", await document.text)
        }
        let page = TextOnDemand { DocumentationPage.html }
        routes.handle(Endpoints.health.docs) { _, call in
            call.setHeader("Cache-Control", "public, max-age=300")
            return TextOutput("text/html; charset=utf-8", await page.text)
        }
        let guide = TextOnDemand { [self] in AgentGuide.text(server: publicURL, sandbox: sandboxURL) }
        routes.handle(Endpoints.health.guide) { _, call in
            call.setHeader("Cache-Control", "public, max-age=300")
            return TextOutput("text/plain; charset=utf-8", await guide.text)
        }
        let skill = TextOnDemand { [self] in AgentGuide.skill(server: publicURL, sandbox: sandboxURL) }
        routes.handle(Endpoints.health.skill) { _, call in
            call.setHeader("Cache-Control", "public, max-age=300")
            return TextOutput("text/markdown; charset=utf-8", await skill.text)
        }
    }
}

/// A text that is made when it is asked for first, and kept: a service that nobody asks for it starts sooner.
///
/// It is made once, off the threads that serve requests, and who asks meanwhile waits without holding a thread.
private actor TextOnDemand {
    private let make: @Sendable () -> String
    private var making: Task<String, Never>?

    init(_ make: @escaping @Sendable () -> String) {
        self.make = make
    }

    var text: String {
        get async {
            let making = making ?? Task.detached(priority: .low) { [make] in make() }
            self.making = making
            return await making.value
        }
    }
}

/// A page that lists the endpoints. It loads nothing from other servers.
enum DocumentationPage {
    static var html: String {
        let sections = Surface.allCases.map { surface in
            let operations = Catalogue.published.filter { $0.surface == surface }
            return operations.isEmpty ? "" : "<h2>\(surface.rawValue)</h2>\n" + operations.map(section).joined()
        }.joined()
        return """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Guildhall API</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
            code{background:#f2f2f2;padding:.1rem .3rem;border-radius:.2rem}
            pre{background:#f2f2f2;padding:.5rem;white-space:pre-wrap;overflow-wrap:anywhere}
            summary{cursor:pointer;padding:.3rem 0}
            table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
            </style></head><body><h1>Guildhall API</h1>
            <p>The machine-readable form is <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1); a whole deal on one
            page is <a href="/llms.txt">/llms.txt</a>.</p>
            \(sections)<h2>Webhooks</h2>\(EventName.allCases.map(section).joined())</body></html>
            """
    }

    private static func section(_ operation: Operation) -> String {
        let refusals = Set(operation.refusals.map(\.status)).sorted().map(String.init).joined(separator: ", ")
        return """
            <details><summary><code>\(operation.method.rawValue) \(Markup.escape(operation.path))</code> \(Markup.escape(operation.summary))</summary>
            <p>Success \(operation.success); refusals \(refusals).</p>\(members(of: operation))
            \(example("Request", operation.inputExample))\(example("Answer", operation.outputExample))</details>

            """
    }

    private static func section(_ event: EventName) -> String {
        """
        <details><summary><code>\(event.rawValue)</code></summary>
        \(example("data", Example.make(of: event.event.schema)))</details>

        """
    }

    private static func example(_ title: String, _ value: JSONValue?) -> String {
        guard let value else { return "" }
        return "<p>\(title)</p><pre>\(Markup.escape(String(decoding: value.bytes, as: UTF8.self)))</pre>"
    }

    private static func members(of operation: Operation) -> String {
        guard case .object(let object) = operation.inputSchema else { return "" }
        let rows = object.properties.map {
            "<tr><td><code>\(Markup.escape($0.name))</code></td><td>\($0.isRequired ? "required" : "")</td></tr>"
        }
        return "<table>\(rows.joined())</table>"
    }
}
