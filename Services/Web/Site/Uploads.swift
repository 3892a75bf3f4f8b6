import GuildhallClient
import OutboundHTTP
import ServiceKit
import SharedModels

extension Field {
    /// A file for an endpoint. It has to be its form's last field.
    static func file(_ file: FileField, _ label: String, isRequired: Bool = true) -> Self {
        Field(.file, file.name, label).with {
            $0.isRequired = isRequired
            $0.hint = file.words.asSentence
            $0.accept = file.types.map(\.rawValue).joined(separator: ",")
        }
    }
}

extension FileField {
    /// `a JPEG, PNG or WebP of at most 5 MiB`.
    var words: String {
        let names = types.map(\.title)
        let list = names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : "") + (names.last ?? "")
        return "a \(list) of at most \(maximum >> 20) MiB"
    }
}

extension Visit {
    /// Whether somebody chose a file.
    var hasFile: Bool { request.form?.file != nil || isFileLost }

    /// Whether the form was held while somebody signed in again, and its file was not.
    private var isFileLost: Bool { fields.raw(HeldForm.lostFile) != nil }

    /// Passes the form's file on to the API while it comes.
    ///
    /// - Throws: ``FieldProblem`` when it is missing, too large or of another type.
    func pass<Input: Sendable, Output: Model>(
        to endpoint: Endpoint<Input, Output>, path: [String: String] = [:]
    ) async throws -> Output {
        guard let field = endpoint.operation.file else { throw NothingThere() }
        guard let file = request.form?.file, file.name.utf8.elementsEqual(field.name.utf8) else {
            throw FieldProblem(field.name, isFileLost ? "has to be chosen again" : "has to be chosen")
        }
        let wrong = FieldProblem(field.name, "must be \(field.words)")
        guard file.body.length <= field.maximum + FileField.formOverhead else { throw wrong }
        do {
            return try await api.pass(file.body, file.contentType, to: endpoint, path: path, idempotencyKey: once)
        } catch let refusal as GuildhallRefusal where [400, 413, 415, 422].contains(refusal.status) {
            throw wrong
        }
    }
}
