import Postgres
import SharedModels

/// Customers: the owners of stored cards and their payments.
struct Customers: Sendable {
    let store: StripeObjectStore
    let events: StripeEvents

    /// - Parameter details: Members of the request that are stored unchanged.
    func create(_ details: [JSONMember], _ work: StripeWork) async throws -> StripeObject {
        var customer = StripeObject(
            .customer,
            [
                JSONMember("address", nil),
                JSONMember("balance", 0),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", nil),
                JSONMember("default_source", nil),
                JSONMember("delinquent", false),
                JSONMember("description", nil),
                JSONMember("discount", nil),
                JSONMember("email", nil),
                JSONMember("invoice_prefix", .string(RandomText.alphanumeric(8).uppercased())),
                JSONMember(
                    "invoice_settings",
                    [
                        "custom_fields": nil, "default_payment_method": nil, "footer": nil,
                        "rendering_options": nil,
                    ]),
                JSONMember("metadata", .object([])),
                JSONMember("name", nil),
                JSONMember("next_invoice_sequence", 1),
                JSONMember("phone", nil),
                JSONMember("preferred_locales", []),
                JSONMember("shipping", nil),
                JSONMember("tax_exempt", "none"),
                JSONMember("test_clock", nil),
            ])
        for member in details { customer[member.name] = member.value }
        try await store.insert(customer, work)
        try await events.emit("customer.created", customer, work)
        return customer
    }

    func update(_ customer: StripeObject, _ details: [JSONMember], _ work: StripeWork) async throws
        -> StripeObject
    {
        var customer = customer
        for member in details { customer[member.name] = member.value }
        try await store.save(customer, work)
        try await events.emit("customer.updated", customer, work)
        return customer
    }

    /// Deletes everything except the id. The cards stay attached but are useless, because nobody can pay as this
    /// customer.
    func delete(_ customer: StripeObject, _ work: StripeWork) async throws -> StripeObject {
        let deleted = customer.deleted
        try await store.save(deleted, work)
        try await events.emit("customer.deleted", customer, work)
        return deleted
    }

    /// Refuses the parameter `customer` when the customer does not exist or was deleted.
    func check(_ id: String, in executor: some SQLExecutor) async throws {
        guard let customer = try await store.find(id, .customer, in: executor), !customer.isDeleted else {
            throw StripeError.noSuch("customer", id, parameter: "customer", inPath: false)
        }
    }
}
