import ServiceKit
import SharedModels

/// The JSON object of a control request, read member by member. A wrong member is refused by name.
struct ControlInput {
    private let body: JSONValue

    /// - Parameter members: The allowed members.
    /// - Throws: ``Refusal`` with 400.
    init(_ bytes: [UInt8], members: Set<String>) throws {
        do throws(JSONSyntaxError) {
            body = bytes.isEmpty ? .object([]) : try JSONValue.parse(bytes)
        } catch {
            throw Refusal(.badRequest, "The body is not JSON: \(error.message).")
        }
        guard let object = body.object else { throw Refusal.validation("", "must be a JSON object") }
        if let unknown = object.first(where: { !members.contains($0.name) }) {
            throw Refusal.validation(unknown.name, "is not known here")
        }
    }

    func integer(_ name: String, _ range: ClosedRange<Int64>) throws -> Int64 {
        guard let number = body[name]?.integer, range.contains(number) else {
            throw Refusal.validation(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// - Returns: `nil` when the member is missing or `null`.
    func optionalInteger(_ name: String, _ range: ClosedRange<Int64>) throws -> Int64? {
        guard let value = body[name], !value.isNull else { return nil }
        return try integer(name, range)
    }

    /// - Throws: ``Refusal`` with 400 when the member is missing.
    func required(_ name: String) throws -> String {
        guard let text = try text(name, 1...500) else { throw Refusal.validation(name, "is required") }
        return text
    }

    /// - Returns: `nil` when the member is missing or `null`.
    func text(_ name: String, _ length: ClosedRange<Int>) throws -> String? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let text = value.string, length.contains(text.count) else {
            throw Refusal.validation(
                name, "must be a text of \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }

    func flag(_ name: String, default initial: Bool) throws -> Bool {
        guard let value = body[name], !value.isNull else { return initial }
        guard let flag = value.bool else { throw Refusal.validation(name, "must be true or false") }
        return flag
    }

    /// - Throws: ``Refusal`` with 400 when the member is missing.
    func required<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = try choice(name, of: type) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal.validation(name, "must be one of \(known)")
        }
        return choice
    }

    /// - Returns: `nil` when the member is missing or `null`.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of _: Choice.Type = Choice.self
    ) throws -> Choice? where Choice.RawValue == String {
        guard let value = body[name], !value.isNull else { return nil }
        guard let choice = value.string.flatMap(Choice.init) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal.validation(name, "must be one of \(known)")
        }
        return choice
    }
}

extension RawRequest {
    /// The query's parameters, each at most once.
    ///
    /// - Throws: ``Refusal`` with 400 for one that is not in `names` or is given twice.
    func queryText(_ names: Set<String>) throws -> [String: String] {
        var found: [String: String] = [:]
        for (name, value) in FormData.pairs(rawQuery.utf8) {
            guard names.contains(name) else { throw Refusal.validation(name, "is not known here") }
            guard found.updateValue(value, forKey: name) == nil else {
                throw Refusal.validation(name, "is given twice")
            }
        }
        return found
    }
}
