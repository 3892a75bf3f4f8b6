import Postgres
import ServiceKit
import SharedModels
import TestSupport

/// The handlers of ``ThingEndpoints``.
struct ThingRoutes: Sendable {
    typealias Step = @Sendable (Call) async throws -> Void

    let database: Database
    private let things = ThingStore()
    /// Runs in every handler after its change and before its answer.
    let afterChange = Shared<Step>({ _ in })
    /// How often a thing was painted. No transaction of ours undoes this effect.
    let paints = Shared(0)
    /// The last photo that was uploaded.
    let photo = Shared(FileInput?.none)
    let film = Shared(UploadInput?.none)

    func register(on routes: Routes) {
        routes.handle(Things.clawConnected.list, list)
        routes.handle(Things.clawConnected.get, get)
        routes.handle(Things.clawConnected.create, create)
        routes.handle(Things.clawConnected.update, update)
        routes.handle(Things.clawConnected.paint, paint)
        routes.handle(Things.clawConnected.lock) { _, call in
            ThingView(id: try call.path("id"), name: "\(ThingID.make(at: call.now))", version: 1)
        }
        routes.handle(Things.clawConnected.clear) { _, _ in NoOutput() }
        routes.handle(Things.clawConnected.usage) { _, _ in ThingNote(length: 0) }
        routes.handle(Things.clawConnected.sell, get)
        routes.handle(Things.clawConnected.judge, get)
        routes.handle(Things.clawConnected.note) { input, call in
            try await afterChange.value(call)
            return ThingNote(length: Int64(input.bytes.count))
        }
        routes.handle(Things.clawConnected.show) { file, _ in
            photo.change { $0 = file }
            return ThingNote(length: Int64(file.bytes.count))
        }
        routes.handle(Things.clawConnected.look) { _, _ in
            guard let file = photo.value else { throw Refusal.notFound("photo") }
            return FileOutput(type: file.type, name: "photo", bytes: file.bytes)
        }
        routes.handle(Things.clawConnected.record) { upload, _ in
            film.change { $0 = upload }
            return ThingNote(length: Int64(upload.file.length))
        }
        routes.handle(Things.clawConnected.play) { (_: NoInput, call: Call) in
            if call.principal == nil { throw Refusal.forbidden("The link is not ours.") }
            guard let film = film.value else { throw Refusal.notFound("film") }
            return StreamedOutput(type: film.type, name: "film", length: film.file.length) { try film.file.read($0) }
        }
        routes.handle(Things.clawConnected.visit) { _, call in
            try await afterChange.value(call)
            call.redirect(to: "/api/things/newest")
            return NoOutput()
        }
        routes.stream(Things.clawConnected.watch, watch)
        routes.handle(Things.skillhouse.create, create)
        routes.handle(Things.skillSync.create, create)
        routes.handle(Things.oauth.create, create)
        routes.handle(Things.internal.count) { input, call in
            try await afterChange.value(call)
            return ThingNote(length: Int64(input.label.utf8.count))
        }
    }

    func register(on routes: RawRoutes) {
        routes.on(.post, "/provider/{token}/things") { request in
            switch request.header("x-wish") {
            case "missing": return .init(status: 404)
            case "fault": throw Mishap()
            default: return .text("\(request.body.count) bytes", status: 201)
            }
        }
    }

    private func list(_: NoInput, _ call: Call) throws -> ThingPage {
        ThingPage(
            limit: Int64(try call.query(Parameter<Int>.limit)), words: try call.query(ThingEndpoints.words),
            color: try call.query(ThingEndpoints.color)?.rawValue,
            whole: try call.query(ThingEndpoints.whole))
    }

    private func get(_: NoInput, _ call: Call) async throws -> ThingView {
        let found = try await things.get(call.path("id"), in: database)
        guard let thing = found else { throw Refusal.notFound("thing") }
        call.tag(version: thing.version)
        return thing
    }

    private func create(_ input: ThingInput, _ call: Call) async throws -> ThingView {
        let thing = ThingView(id: .make(at: call.now), name: input.name, version: 1)
        try await database.transaction { tx in
            try await things.insert(thing, of: call.caller.accountID, in: tx)
        }
        try await afterChange.value(call)
        call.tag(version: thing.version)
        call.setHeader("Location", "/api/things/\(thing.id)")
        return thing
    }

    private func update(_ input: ThingInput, _ call: Call) async throws -> ThingView {
        let id: ThingID = try call.path("id")
        let thing = try await database.transaction { tx in
            guard let thing = try await things.lock(id, in: tx) else { throw Refusal.notFound("thing") }
            try call.check(version: thing.version)
            let changed = ThingView(id: id, name: input.name, version: thing.version + 1)
            try await things.save(changed, in: tx)
            return changed
        }
        call.tag(version: thing.version)
        return thing
    }

    private func paint(_ input: PaintInput, _ call: Call) async throws -> ThingView {
        let thing = ThingView(id: try call.path("id"), name: input.color ?? "plain", version: 1)
        paints.change { $0 += 1 }
        try await afterChange.value(call)
        // It takes its time.
        if thing.name == "gold", paints.value == 1 { call.answer(status: 202) }
        if thing.name == "silver" {
            call.answer(status: 201)
            call.setCookie("brush=1")
            call.setCookie("pot=2")
        }
        return thing
    }

    private func watch(_ call: Call) -> AsyncStream<OutgoingEvent> {
        AsyncStream { continuation in
            continuation.yield(OutgoingEvent(event: "made", id: "1", data: ["name": "Chair"]))
            continuation.yield(.heartbeat)
        }
    }
}

/// An error without a mapping.
struct Mishap: Error, CustomStringConvertible {
    let description = "the drawer is stuck"
}
