import SharedModels

/// The rounds of a negotiation, each with the terms that stood after it, and what it changed.
enum Rounds {
    static func values(_ negotiation: NegotiationView, _ display: Display) -> [Values] {
        var standing: [String: String] = [:]
        let rounds = (negotiation.audit ?? []).filter { $0.kind == .round }
        return rounds.enumerated().map { index, entry in
            var cells: [Values] = []
            for (name, label, write) in terms(display) {
                let old = standing[name]
                let new = entry.payload[name].flatMap(write) ?? old
                standing[name] = new
                cells.append([
                    "termLabel": label, "term": new ?? "open", "changed": index > 0 && new != old, "was": old ?? "open",
                ])
            }
            return [
                "number": index + 1, "by": entry.actorUserID == negotiation.clientUserID ? "Client" : "Freelancer",
                "isYours": entry.actorUserID
                    == (negotiation.yourRole == .client ? negotiation.clientUserID : negotiation.workerUserID),
                "at": display.time(entry.at), "cells": cells,
            ]
        }
    }

    /// The members of a round, what they are called here, and how they are written.
    private static func terms(_ display: Display) -> [(String, String, (JSONValue) -> String?)] {
        [
            ("rate_cents", "Rate", { $0.integer.map { display.rate($0) } }),
            ("hours_per_week", "Hours", { $0.integer.map { "\($0) a week" } }),
            ("start_date", "Start", { $0.string.flatMap { CalendarDay($0) }.map { display.day($0) } }),
            ("payout_delay_days", "Payout after", { $0.integer.map { "\($0) days" } }),
        ]
    }
}
