import Foundation
import SharedModels
import Synchronization
import TestSupport

/// Stripe, as far as payments uses it, with a state that a test can read and faults that it can plant.
///
/// Like Stripe it has one effect for each idempotency key, and repeats its first answer.
final class FakeStripe: Sendable {
    struct Intent: Equatable {
        var id: String
        var status: String
        var amount: Int64
        var received: Int64 = 0
        var milestone = ""
        var captureBefore: Int64?
        var customer = ""
        /// The card it was confirmed with.
        var card: String?
        var action = ""
    }

    struct Transfer: Equatable {
        let id: String
        let amount: Int64
        let destination: String
        var milestone = ""
    }

    struct Refund: Equatable {
        let payment: String
        let amount: Int64
        let action: String
    }

    struct Event: Equatable {
        let id: String
        let type: String
        let object: String
        let created: Int64
        var isLive = false
    }

    enum Fault: Sendable {
        /// Does nothing and answers 500.
        case error
        /// Has its effect, but answers 500: like a connection that is lost after the effect.
        case errorAfterSuccess
        /// Answers 402 and does nothing.
        case refuse
        /// Does nothing, answers 500, and repeats that answer under the key.
        case storedError
        /// Something before Stripe answers 404.
        case notStripe
        /// Stripe does not know our key.
        case unauthorized
        /// The bank takes its time: an immediate charge is `processing`.
        case processing
    }

    struct State {
        var intents: [Intent] = []
        var transfers: [Transfer] = []
        var refunds: [Refund] = []
        /// Oldest first.
        var events: [Event] = []
        var accounts: [String: Bool] = [:]
        var links = 0
        /// The customers that were not deleted.
        var customers: [String] = []
        var customersMade = 0
        /// The request and the answer under each key.
        var answers: [String: (form: Form, answer: (UInt, String))] = [:]
        /// The keys of all requested payments, refused ones included.
        var paymentKeys: [String] = []
        var faults: [(path: String, fault: Fault, isRead: Bool)] = []
        /// Method and path of every call.
        var calls: [String] = []
        /// How often a payment was captured, without repeated answers.
        var captures = 0
    }

    private let state = Mutex(State())
    private let address = Mutex("")

    var url: String { address.withLock { $0 } }
    var intents: [Intent] { state.withLock { $0.intents } }
    var transfers: [Transfer] { state.withLock { $0.transfers } }
    /// The sum of all refunds, by payment.
    var refunds: [String: Int64] { Self.sums(state.withLock { $0.refunds }) }
    var captures: Int { state.withLock { $0.captures } }
    var accounts: [String: Bool] { state.withLock { $0.accounts } }
    var customers: [String] { state.withLock { $0.customers } }
    /// The immediate charges to customers' stored cards.
    var charges: [Intent] { intents.filter { $0.milestone.isEmpty } }
    var paymentKeys: [String] { state.withLock { $0.paymentKeys } }
    var calls: [String] { state.withLock { $0.calls } }

    /// Makes the next `times` changes fail whose path contains `path`, or the next reads.
    func plant(_ fault: Fault, on path: String, times: Int = 1, reading isRead: Bool = false) {
        state.withLock { $0.faults += Array(repeating: (path, fault, isRead), count: times) }
    }

    /// A refund that we made and have forgotten.
    func giveBack(_ payment: String, _ amount: Int64, under key: String) {
        state.withLock { $0.refunds.append(Refund(payment: payment, amount: amount, action: key)) }
    }

    /// Something happened that Stripe has on its list of events.
    func list(_ event: Event) { state.withLock { $0.events.append(event) } }

    /// A day has passed: requests under an old key are carried out again.
    func forgetKeys() { state.withLock { $0.answers = [:] } }

    func heal() { state.withLock { $0.faults = [] } }

    /// The client confirms the payment with a card, which stays with the customer.
    func confirm(_ id: String, with card: String = "pm_1", captureBefore: Timestamp? = nil) {
        change(id) {
            $0.status = "requires_capture"
            $0.card = card
            $0.captureBefore = captureBefore?.seconds
        }
    }

    /// The hold lapses, or somebody cancels it at the provider.
    func lapse(_ id: String) { change(id) { $0.status = "canceled" } }

    /// The bank decides about a charge that was `processing`.
    func decide(_ id: String, isPaid: Bool) {
        change(id) {
            $0.status = isPaid ? "succeeded" : "requires_payment_method"
            $0.received = isPaid ? $0.amount : 0
        }
    }

    /// Somebody deletes a customer in Stripe's dashboard.
    func deleteCustomer(_ id: String) { state.withLock { $0.customers.removeAll { $0 == id } } }

    func finishOnboarding(_ account: String) { state.withLock { $0.accounts[account] = true } }

    private func change(_ id: String, _ body: (inout Intent) -> Void) {
        state.withLock { state in
            for index in state.intents.indices where state.intents[index].id == id {
                body(&state.intents[index])
            }
        }
    }

    /// Serves while `body` runs.
    static func serve<Result: Sendable>(_ body: @Sendable (FakeStripe) async throws -> Result) async throws
        -> Result
    {
        let stripe = FakeStripe()
        return try await LocalServer.serve({ stripe.answer($0) }) { url in
            stripe.address.withLock { $0 = url }
            return try await body(stripe)
        }
    }
}

extension FakeStripe {
    /// `application/x-www-form-urlencoded`, as far as the client writes it.
    struct Form: Sendable, Equatable {
        private let fields: [String: String]

        init(_ text: String) {
            var fields: [String: String] = [:]
            for pair in FormEncoding.pairs(text.utf8) { fields[Self.decode(pair.name)] = Self.decode(pair.value) }
            self.fields = fields
        }

        subscript(name: String) -> String { fields[name] ?? "" }

        private static func decode(_ text: Substring.UTF8View) -> String {
            String(decoding: FormEncoding.decode(text, .kept) ?? [], as: UTF8.self)
        }
    }

    private func answer(_ asked: LocalServer.Asked) -> LocalServer.Answer {
        let key = asked.headers["idempotency-key"]
        let ((status, text), isRepeated) = answer(
            asked.method, asked.path, Form(asked.method == "GET" ? asked.query : asked.text), key: key)
        var answer = LocalServer.Answer.json(Int(status), text)
        if isRepeated { answer.headers["idempotent-replayed"] = "true" }
        return answer
    }

    private func answer(
        _ method: String, _ path: String, _ form: Form, key: String?
    ) -> (answer: (UInt, String), isRepeated: Bool) {
        state.withLock { state in
            state.calls.append("\(method) \(path)")
            if method == "POST", path == "/v1/payment_intents", let key { state.paymentKeys.append(key) }
            let index = state.faults.firstIndex { path.contains($0.path) && $0.isRead == (method == "GET") }
            let fault = index.map { state.faults.remove(at: $0).fault }
            switch fault {
            case .error: return ((500, #"{"error":{"type":"api_error"}}"#), false)
            case .refuse:
                return ((402, #"{"error":{"type":"card_error","code":"card_declined","message":"no"}}"#), false)
            case .notStripe: return ((404, "<html>Not Found</html>"), false)
            case .unauthorized: return ((401, #"{"error":{"type":"invalid_request_error"}}"#), false)
            case .storedError:
                let answer: (UInt, String) = (500, #"{"error":{"type":"api_error"}}"#)
                if let key { state.answers[key] = (form, answer) }
                return (answer, false)
            case .errorAfterSuccess, .processing, nil: break
            }
            let answer: (UInt, String)
            var isRepeated = false
            if let key, let stored = state.answers[key] {
                isRepeated = stored.form == form
                answer = stored.form == form ? stored.answer : Self.otherRequest
            } else {
                answer = Self.perform(method, path, form, &state, isSlow: fault == .processing)
                if let key { state.answers[key] = (form, answer) }
            }
            return fault == .errorAfterSuccess ? ((500, "{}"), false) : (answer, isRepeated)
        }
    }

    private static func perform(
        _ method: String, _ path: String, _ form: Form, _ state: inout State, isSlow: Bool
    ) -> (UInt, String) {
        let parts = path.split(separator: "/").dropFirst().map(String.init)
        switch (method, parts[0], parts.count) {
        case ("POST", "payment_intents", 1):
            guard state.customers.contains(form["customer"]) else { return missing }
            var intent = Intent(
                id: "pi_\(state.intents.count + 1)", status: "requires_payment_method",
                amount: Int64(form["amount"]) ?? 0,
                milestone: form["metadata[milestone_id]"], customer: form["customer"], action: form["metadata[action]"])
            if form["confirm"] == "true", form["off_session"] == "true" {
                intent.card = form["payment_method"]
                intent.status = isSlow ? "processing" : "succeeded"
                intent.received = isSlow ? 0 : intent.amount
            } else if form["setup_future_usage"] != "off_session" {
                return unexpected
            }
            state.intents.append(intent)
            return (200, json(intent))
        case ("GET", "payment_intents", 1):
            let intents = state.intents.filter { $0.customer == form["customer"] }
            return (200, #"{"data":[\#(intents.map(json).joined(separator: ","))]}"#)
        case ("POST", "customers", 1):
            state.customersMade += 1
            state.customers.append("cus_\(state.customersMade)")
            return (200, #"{"id":"cus_\#(state.customersMade)","object":"customer"}"#)
        case ("DELETE", "customers", 2):
            guard let index = state.customers.firstIndex(of: parts[1]) else { return missing }
            state.customers.remove(at: index)
            return (200, #"{"id":"\#(parts[1])","object":"customer","deleted":true}"#)
        case (_, "payment_intents", _):
            guard let index = state.intents.firstIndex(where: { $0.id == parts[1] }) else { return missing }
            return change(&state.intents[index], parts.count == 3 ? parts[2] : nil, &state.captures)
        case ("POST", "transfers", 1):
            let transfer = Transfer(
                id: "tr_\(state.transfers.count + 1)", amount: Int64(form["amount"]) ?? 0,
                destination: form["destination"], milestone: form["metadata[milestone_id]"])
            state.transfers.append(transfer)
            return (200, json(transfer))
        case ("GET", "transfers", 1):
            return (200, #"{"data":[\#(state.transfers.map(json).joined(separator: ","))]}"#)
        case ("POST", "refunds", 1):
            let payment = form["payment_intent"]
            let amount = Int64(form["amount"]) ?? 0
            let received = state.intents.first { $0.id == payment }?.received ?? 0
            let before = sums(state.refunds)[payment, default: 0]
            guard amount > 0, before + amount <= received else { return unexpected }
            let refund = Refund(payment: payment, amount: amount, action: form["metadata[action]"])
            state.refunds.append(refund)
            return (200, json(refund))
        case ("GET", "refunds", 1):
            return (200, #"{"data":[\#(state.refunds.map(json).joined(separator: ","))]}"#)
        case ("POST", "accounts", 1):
            let id = "acct_\(state.accounts.count + 1)"
            state.accounts[id] = false
            return (200, account(id, false))
        case ("GET", "accounts", 2):
            guard let isOnboarded = state.accounts[parts[1]] else { return missing }
            return (200, account(parts[1], isOnboarded))
        case ("POST", "account_links", 1):
            state.links += 1
            return (200, #"{"url":"https://connect.example/\#(form["account"])/\#(state.links)"}"#)
        case ("GET", "events", 1):
            let newest = Array(state.events.reversed())
            let begin = newest.firstIndex { $0.id == form["starting_after"] }.map { $0 + 1 } ?? 0
            let page = newest[begin...].prefix(Int(form["limit"]) ?? 10)
            let events = page.map { event in
                """
                {"id":"\(event.id)","object":"event","type":"\(event.type)","created":\(event.created),\
                "livemode":\(event.isLive),"data":{"object":{"id":"\(event.object)"}}}
                """
            }
            return (
                200, #"{"data":[\#(events.joined(separator: ","))],"has_more":\#(page.endIndex < newest.endIndex)}"#
            )
        default:
            return missing
        }
    }

    private static func change(_ intent: inout Intent, _ verb: String?, _ captures: inout Int) -> (
        UInt, String
    ) {
        switch (verb, intent.status) {
        case (nil, _): break
        case ("capture", "requires_capture"):
            intent.status = "succeeded"
            intent.received = intent.amount
            captures += 1
        case ("cancel", "requires_payment_method"), ("cancel", "requires_capture"):
            intent.status = "canceled"
        default:
            return unexpected
        }
        return (200, json(intent))
    }
}
