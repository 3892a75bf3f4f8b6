import SharedModels

/// What one side can do now, by the API's own `next_actions`. Pages offer nothing else.
struct Actions: Sendable {
    private let all: [NextAction]

    init(_ actions: [NextAction], for role: PartyRole?) {
        all = actions.filter { role.map($0.by.contains) ?? false }
    }

    var isEmpty: Bool { all.isEmpty }
    func has(_ name: String) -> Bool { all.contains { $0.action == name } }
    func deadline(_ name: String) -> Timestamp? { all.first { $0.action == name }?.deadline }
}

extension Visit {
    /// A form on a separate page.
    ///
    /// - Parameters:
    ///   - back: Where its link above leads.
    ///   - others: Links below it, to do the same in another way.
    func formPage(
        _ title: String, _ form: Form, lead: String? = nil, back: (address: String, label: String),
        others: [Values] = [],
        place: String? = nil
    ) -> WebAnswer {
        var values: Values = [
            "heading": title, "form": form.values(self), "backTo": back.address, "backLabel": back.label,
            "others": others, "hasOthers": !others.isEmpty,
        ]
        values["lead"] = lead
        let isRefused = form.problem != nil || form.fields.contains { $0.problem != nil }
        return .page("form-page", title, values, status: isRefused ? 422 : 200, place: place)
    }
}
