import SharedModels

extension NextAction {
    /// Whether its body is what the operation takes: nothing, or a body that the schema accepts once something stands in
    /// place of each `null`.
    package var hasFittingBody: Bool {
        guard let schema = operation?.inputSchema else { return body.isNull }
        return !body.isNull && schema.issues(in: body).allSatisfy { body.part(at: $0.path)?.isNull == true }
    }

    /// The published operation that it leads to; `nil` if no operation matches.
    package var operation: SharedModels.Operation? {
        let segments = href.split(separator: "/", omittingEmptySubsequences: false)
        return Catalogue.published.first { operation in
            let template = operation.path.split(separator: "/", omittingEmptySubsequences: false)
            return operation.method.rawValue == method && template.count == segments.count
                && zip(template, segments).allSatisfy {
                    $0 == $1 || ($0.hasPrefix("{") && AccountID($1) != nil)
                }
        }
    }
}
