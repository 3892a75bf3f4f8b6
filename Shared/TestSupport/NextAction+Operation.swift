import SharedModels

extension NextAction {
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
