import ServiceKit
import SharedModels

enum ThingKind: IdentifierKind {
    static let prefix = "thing"
}

typealias ThingID = Identifier<ThingKind>

struct ThingInput: Model {
    let name: String
    let size: Int64?
    let parts: [ThingPart]?

    static let rules: [String: MemberRule] = ["name": .text(1...40), "size": .range(0...100)]
}

struct ThingPart: Model {
    let label: String
}

/// A body that may be left out.
struct PaintInput: Model {
    let color: String?
}

struct ThingView: Model {
    let id: ThingID
    let name: String
    let version: Int64
}

/// What a list was asked for.
struct ThingPage: Model {
    let limit: Int64
    let words: String?
    let color: String?
    let isWhole: Bool

    enum CodingKeys: String, CodingKey {
        case limit, words, color
        case isWhole = "whole"
    }
}

struct ThingNote: Model {
    let length: Int64
}

enum ThingColor: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case red, blue
}

/// Made-up endpoints: one of each kind that there is.
enum ThingEndpoints {
    static let words = Parameter<String?>.text("words", 20, "What to look for")
    static let color = Parameter<ThingColor?>.oneOf("color", ThingColor.self, "Of one color")
    static let whole = Parameter<Bool>.flag("whole", "With all parts")

    static let list = Endpoint<NoInput, ThingPage>(
        "things.list", .get, "/api/things", of: .messages, access: .account(.gigsRead),
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor, words, color, whole], "List things")
    static let get = Endpoint<NoInput, ThingView>(
        "things.get", .get, "/api/things/{id}", of: .messages, access: .account(.gigsRead),
        errors: [.notFound], "One thing")
    /// Its effect is in the service's database.
    static let create = Endpoint<ThingInput, ThingView>(
        "things.create", .post, "/api/things", of: .messages, access: .account(.gigsWrite), success: 201,
        "Make a thing")
    static let update = Endpoint<ThingInput, ThingView>(
        "things.update", .patch, "/api/things/{id}", of: .messages, access: .account(.gigsWrite),
        errors: [.notFound, .preconditionFailed], "Change a thing")
    /// Its effect is elsewhere, and can be resumed by itself.
    static let paint = Endpoint<PaintInput, ThingView>(
        "things.paint", .post, "/api/things/{id}/paint", of: .messages, access: .account(.gigsWrite),
        alsoAnswers: [202], errors: [.notFound], idempotency: .resumable, "Have a thing painted")
    static let clear = Endpoint<NoInput, NoOutput>(
        "things.clear", .delete, "/api/things", of: .messages, access: .sessionOnly, success: 204,
        "Throw things away")
    static let usage = Endpoint<NoInput, ThingNote>(
        "things.usage", .get, "/api/usage", of: .messages, access: .keyOnly, "What a key has used")
    static let sell = Endpoint<NoInput, ThingView>(
        "things.sell", .post, "/api/things/{id}/sell", of: .messages, access: .client(.dealsWrite),
        "Sell a thing")
    static let judge = Endpoint<NoInput, ThingView>(
        "things.judge", .post, "/api/things/{id}/judge", of: .messages, access: .admin(.dealsWrite),
        "Judge a thing")
    /// Open to anyone, of any media type.
    static let note = Endpoint<RawInput, ThingNote>(
        "things.note", .post, "/api/notes", of: .messages, access: .anyone, "Leave a note")
    static let photo = FileField("photo", types: [.png, .pdf], maximum: 2 << 20)
    static let show = Endpoint<FileInput, ThingNote>(
        "things.show", .post, "/api/photos", of: .messages, access: .account(.gigsWrite), file: photo,
        "Show what a thing looks like")
    static let look = Endpoint<NoInput, FileOutput>(
        "things.look", .get, "/api/photos", of: .messages, access: .account(.gigsRead), "What a thing looks like")
    static let watch = Endpoint<NoInput, EventStreamOutput>(
        "things.watch", .get, "/api/events", of: .messages, access: .account(.gigsRead), "Follow things")
    static let makeOnSkillhouse = Endpoint<ThingInput, ThingView>(
        "skillhouse.things.create", .post, "/api/client/things", of: .messages, access: .account(.gigsWrite),
        success: 201, "Make a thing")
    static let makeOnSkillSync = Endpoint<ThingInput, ThingView>(
        "skillsync.things.create", .post, "/v1/things", of: .messages, access: .account(.gigsWrite),
        query: [Parameter<Int>.limit], success: 201, "Make a thing")
    static let count = Endpoint<ThingPart, ThingNote>(
        "internal.things.count", .post, "/internal/things/{id}/count", of: .messages, access: .service,
        "For other services")

    static let all: [Operation] = [
        list.operation, get.operation, create.operation, update.operation, paint.operation, clear.operation,
        usage.operation, sell.operation, judge.operation, note.operation, show.operation, look.operation,
        watch.operation, makeOnSkillhouse.operation,
        makeOnSkillSync.operation, count.operation,
    ]
}
