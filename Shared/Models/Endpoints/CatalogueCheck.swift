extension Catalogue {
    /// - Throws: ``CatalogueFault`` when two declarations share a name or a place.
    public static func check(_ operations: [Operation] = all) throws(CatalogueFault) {
        var ids: Set<String> = []
        var places: Set<String> = []
        for operation in operations {
            guard ids.insert(operation.id).inserted else { throw .operationTwice(operation.id) }
            guard places.insert(operation.place).inserted else { throw .placeTwice(operation.place) }
        }
        var schemas = EventName.allCases.map { (user: $0.rawValue, schema: $0.event.schema) }
        for operation in operations {
            for schema in [operation.inputSchema, operation.outputSchema] {
                if let schema { schemas.append((operation.id, schema)) }
            }
        }
        var types: [String: ObjectIdentifier] = [:]
        for (user, schema) in schemas {
            for object in schema.namedObjects {
                guard let name = object.name, let type = object.type else { continue }
                guard types[name] == nil || types[name] == type else { throw .schemaNameTwice(name, user) }
                types[name] = type
            }
        }
    }
}

/// A declaration contradicts another: a mistake of ours, found by a test. To look for it reads every schema, which takes
/// a tenth of a second, so no program does it.
public enum CatalogueFault: Error, Equatable, CustomStringConvertible {
    case operationTwice(String)
    case placeTwice(String)
    /// The second type appears in this operation or event.
    case schemaNameTwice(String, String)

    public var description: String {
        switch self {
        case .operationTwice(let id): "two endpoints are called \(id)"
        case .placeTwice(let place): "two endpoints are at \(place)"
        case .schemaNameTwice(let name, let operation):
            "\(name) is the name of two types, one of them in \(operation): give one another schemaName"
        }
    }
}

extension Operation {
    /// Where callers find the endpoint. Published endpoints share the gateway; each service has its own internal
    /// endpoints.
    fileprivate var place: String {
        let line = "\(method.rawValue) \(path)"
        return surface == .internal ? "\(line) of \(service.rawValue)" : line
    }
}

extension Schema {
    /// Every object in this schema that has a name, itself included.
    var namedObjects: [ObjectSchema] {
        switch self {
        case .object(let object):
            (object.name == nil ? [] : [object]) + object.properties.flatMap(\.schema.namedObjects)
        case .array(let element, _): element.namedObjects
        case .nullable(let wrapped): wrapped.namedObjects
        case .string, .integer, .number, .amount, .boolean, .any: []
        }
    }
}
