import ServiceKit
import SharedModels

/// Refusals about the names of categories and skills.
enum ListedNameError: Error, Equatable {
    case notFound(noun: String)
    case taken(String, noun: String)
    case unacceptable(String)
}

extension ListedNameError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .taken: .conflict
        case .unacceptable: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound(let noun): "There is no such \(noun)."
        case .taken(let name, let noun): "There is a \(noun) called \(name), or another name for it, already."
        case .unacceptable: "name \(CatalogueName.refusal)."
        }
    }

    var issues: [InputIssue] {
        if case .unacceptable = self { [InputIssue(path: "name", message: CatalogueName.refusal)] } else { [] }
    }
}
