import GuildhallClient
import SharedModels

/// `/admin/services`: what runs, and what waits or is stuck.
struct ServicePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/admin/services", list)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        let list = try await visit.api.call(Endpoints.serviceStates.list)
        let values: Values = [
            "services": list.services.map { row($0, visit.display) }, "at": visit.display.full(visit.display.now),
        ]
        return .page("admin-services", "What runs", values, place: "admin")
    }

    private func row(_ service: ServiceStateView, _ display: Display) -> Values {
        func count(_ number: Int?, _ seconds: Int?) -> String {
            guard let number else { return "unknown" }
            guard number > 0, let seconds else { return display.number(Int64(number)) }
            return "\(display.number(Int64(number))), for \(Self.span(seconds))"
        }
        return [
            "name": service.name, "state": Self.state(service), "version": service.version ?? "",
            "events": count(service.eventsWaiting, service.oldestEventSeconds),
            "overdue": count(service.itemsOverdue, nil),
            "dead": count(service.deadLetters, service.oldestDeadLetterSeconds),
        ]
    }

    /// An event that waits for more than a minute has a destination that does not take it.
    private static func state(_ service: ServiceStateView) -> Values {
        guard service.answers else { return Status.values("Does not answer", .bad) }
        guard let dead = service.deadLetters, let late = service.itemsOverdue else {
            return Status.values("Its database does not answer", .bad)
        }
        if dead > 0 { return Status.values("Needs an operator", .bad) }
        if late > 0 || (service.oldestEventSeconds ?? 0) > 60 { return Status.values("Behind", .waiting) }
        return Status.values("Works", .good)
    }

    private static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        default: "\(seconds / 3600) h"
        }
    }
}
