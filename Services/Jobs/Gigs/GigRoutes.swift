import ServiceKit
import SharedModels

/// `/api/gigs`.
struct GigRoutes: Sendable {
    let workflow: GigWorkflow
    let search: GigSearchWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.gigs.list, list)
        routes.handle(Endpoints.gigs.create, create)
        routes.handle(Endpoints.gigs.get, get)
        routes.handle(Endpoints.gigs.update, update)
        routes.handle(Endpoints.gigs.delete, delete)
    }

    private func list(_: NoInput, _ call: Call) async throws -> Encoded<GigList> {
        let limit = try call.query(Parameter<Int>.limit)
        let sought = try GigSearch(call)
        guard sought.isPlain else {
            let found = try await search.find(
                sought, by: call.caller.accountID, after: call.query(GigSearchParameters.cursor), limit: limit)
            return try await encoded(found, of: sought.listing)
        }
        return try await encoded(
            workflow.page(
                of: sought.listing, by: call.caller.accountID, after: call.query(Parameter<PageCursor?>.cursor),
                limit: limit), of: sought.listing)
    }

    private func encoded(_ page: Page<some GigSource>, of listing: GigListing) async throws -> Encoded<GigList> {
        let counts = try await workflow.applicationCounts(to: page.items.map { try $0.id }, in: listing)
        return try Encoded(capacity: 1024 * page.items.count) { writer in
            writer.beginObject()
            writer.key("gigs"); writer.beginArray()
            for gig in page.items { try gig.write(to: &writer, isDeleted: false) }
            writer.endArray()
            writer.key("application_counts"); counts.write(to: &writer)
            writer.key("next_cursor"); writer.value(optional: page.nextCursor)
            writer.endObject()
        }
    }

    private func create(_ input: GigInput, _ call: Call) async throws -> Encoded<GigView> {
        let gig = try await workflow.create(input, by: call.caller.accountID, at: call.now)
        call.tag(version: gig.version)
        return Encoded(gig)
    }

    private func get(_: NoInput, _ call: Call) async throws -> Encoded<GigView> {
        let gig = try await workflow.get(call.path("id"), by: call.caller.accountID)
        call.tag(version: gig.version)
        return Encoded(gig)
    }

    private func update(_ input: GigUpdate, _ call: Call) async throws -> Encoded<GigView> {
        let gig = try await workflow.update(
            call.path("id"), input, by: call.caller.accountID, at: call.now, expecting: call.check(version:))
        call.tag(version: gig.version)
        return Encoded(gig)
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(
            call.path("id"), by: call.caller.accountID, at: call.now, expecting: call.check(version:))
        return NoOutput()
    }
}

extension [ApplicationCount]? {
    /// Like the list around it, without creating views.
    fileprivate func write(to writer: inout JSONWriter) {
        guard let self else { return writer.null() }
        writer.beginArray()
        for count in self {
            writer.beginObject()
            writer.key("gig_id"); writer.value(count.gigID)
            writer.key("total"); writer.value(Int64(count.total))
            writer.key("undecided"); writer.value(Int64(count.undecided))
            writer.endObject()
        }
        writer.endArray()
    }
}

extension GigListing {
    fileprivate init(_ call: Call) throws {
        let status = try call.query(GigEndpoints.status)
        if try call.query(GigEndpoints.waitingFor) == .me {
            guard status == nil else { throw Refusal.validation("waiting_for", "cannot be given together with status") }
            self = .waiting
        } else {
            self.init(status, isOwn: try call.query(GigEndpoints.owner) == .me)
        }
    }
}

extension GigSearch {
    fileprivate init(_ call: Call) throws {
        try self.init(
            GigListing(call),
            words: call.query(GigSearchParameters.words),
            minimumRate: call.query(GigSearchParameters.minimumRate).map(Money.usd(cents:)),
            maximumRate: call.query(GigSearchParameters.maximumRate).map(Money.usd(cents:)),
            sort: call.query(GigSearchParameters.sort) ?? .newest)
    }
}
