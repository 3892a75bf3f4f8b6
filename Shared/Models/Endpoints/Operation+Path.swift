extension Operation {
    /// The path with its parameters filled in, percent-encoded.
    public func path(with values: [String: String]) -> String {
        path.split(separator: "/").map { segment -> String in
            guard segment.hasPrefix("{") else { return "/\(segment)" }
            let name = String(segment.dropFirst().dropLast())
            guard let value = values[name] else { preconditionFailure("\(id) needs the path parameter \(name)") }
            return "/" + value.percentEncoded
        }.joined()
    }
}
