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

struct ThingView: Versioned {
    let id: ThingID
    let name: String
    let version: Int64
}

/// The parameters of a list.
struct ThingPage: Model {
    let limit: Int64
    let words: String?
    let color: String?
    let whole: Bool
}

struct ThingNote: Model {
    let length: Int64
}

enum ThingColor: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case red, blue
}

/// Made-up endpoints, one of each kind.
struct ThingEndpoints: EndpointGroup {
    static let surface = Surface.clawConnected
    static let service = ServiceName.messages

    static let words = Parameter<String?>.text("words", 20, "What to look for")
    static let color = Parameter<ThingColor?>.oneOf("color", ThingColor.self, "Of one color")
    static let whole = Parameter<Bool>.flag("whole", "With all parts")

    let list = Endpoint<NoInput, ThingPage>(
        "things.list", .get, "/api/things", of: Self.self, access: .account(.gigsRead),
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor, Self.words, Self.color, Self.whole], "List things")
    let get = Endpoint<NoInput, ThingView>(
        "things.get", .get, "/api/things/{id}", of: Self.self, access: .account(.gigsRead),
        errors: [.notFound], "One thing")
    /// Its effect is in the service's database.
    let create = Endpoint<ThingInput, ThingView>(
        "things.create", .post, "/api/things", of: Self.self, access: .account(.gigsWrite), success: 201,
        "Make a thing")
    let update = Endpoint<ThingInput, ThingView>(
        "things.update", .patch, "/api/things/{id}", of: Self.self, access: .account(.gigsWrite),
        errors: [.notFound, .preconditionFailed], "Change a thing")
    /// Its effect is elsewhere, and can be resumed.
    let paint = Endpoint<PaintInput, ThingView>(
        "things.paint", .post, "/api/things/{id}/paint", of: Self.self, access: .account(.gigsWrite),
        alsoAnswers: [201, 202], errors: [.notFound], idempotency: .resumable, "Have a thing painted")
    /// Its answer shows a secret.
    let lock = Endpoint<NoInput, ThingView>(
        "things.lock", .post, "/api/things/{id}/lock", of: Self.self, access: .account(.gigsWrite),
        answersSecret: true, "Lock a thing; its name is the combination")
    let clear = Endpoint<NoInput, NoOutput>(
        "things.clear", .delete, "/api/things", of: Self.self, access: .sessionOnly, success: 204,
        "Throw things away")
    let usage = Endpoint<NoInput, ThingNote>(
        "things.usage", .get, "/api/usage", of: Self.self, access: .keyOnly, "What a key has used")
    let sell = Endpoint<NoInput, ThingView>(
        "things.sell", .post, "/api/things/{id}/sell", of: Self.self, access: .client(.dealsWrite),
        "Sell a thing")
    let judge = Endpoint<NoInput, ThingView>(
        "things.judge", .post, "/api/things/{id}/judge", of: Self.self, access: .admin(.dealsWrite),
        "Judge a thing")
    /// Open to anyone, of any media type.
    let note = Endpoint<RawInput, ThingNote>(
        "things.note", .post, "/api/notes", of: Self.self, access: .anyone, "Leave a note")
    static let photo = FileField("photo", types: [.png, .pdf], maximum: 2 << 20)
    let show = Endpoint<FileInput, ThingNote>(
        "things.show", .post, "/api/photos", of: Self.self, access: .account(.gigsWrite), file: Self.photo,
        "Show what a thing looks like")
    let look = Endpoint<NoInput, FileOutput>(
        "things.look", .get, "/api/photos", of: Self.self, access: .account(.gigsRead),
        mediaTypes: Self.photo.types.map(\.rawValue), "What a thing looks like")
    static let film = FileField("film", types: [.mp4], maximum: 3 << 20)
    let record = Endpoint<UploadInput, ThingNote>(
        "things.record", .post, "/api/films", of: Self.self, access: .account(.gigsWrite), file: Self.film,
        "Show how a thing moves")
    let play = Endpoint<NoInput, StreamedOutput>(
        "things.play", .get, "/api/films", of: Self.self,
        access: .account(AccountRule(scope: .gigsRead, opensByLink: true)),
        query: [Parameter.text("signature", 64, "Opens it")], alsoAnswers: [206], errors: [.forbidden],
        mediaTypes: Self.film.types.map(\.rawValue), "How a thing moves")
    /// People come here by a link.
    let visit = Endpoint<NoInput, NoOutput>(
        "things.visit", .get, "/api/visit", of: Self.self, access: .anyone, query: [Self.whole], success: 302,
        errors: [.notFound], "Go to the newest thing")
    let watch = Endpoint<NoInput, EventStreamOutput>(
        "things.watch", .get, "/api/events", of: Self.self, access: .account(.gigsRead), "Follow things")
}

struct SkillhouseThings: EndpointGroup {
    static let surface = Surface.skillhouse
    static let service = ServiceName.messages

    let create = Endpoint<ThingInput, ThingView>(
        "skillhouse.things.create", .post, "/api/client/things", of: Self.self, access: .account(.gigsWrite),
        success: 201, "Make a thing")
}

struct SkillSyncThings: EndpointGroup {
    static let surface = Surface.skillSync
    static let service = ServiceName.messages

    let create = Endpoint<ThingInput, ThingView>(
        "skillsync.things.create", .post, "/v1/things", of: Self.self, access: .account(.gigsWrite),
        query: [Parameter<Int>.limit], success: 201, "Make a thing")
}

struct OAuthThings: EndpointGroup {
    static let surface = Surface.oauth
    static let service = ServiceName.messages

    let create = Endpoint<ThingInput, ThingView>(
        "oauth.things.create", .post, "/v1/oauth/things", of: Self.self, access: .account(.gigsWrite), success: 201,
        anyOrigin: true,
        "Make a thing")
}

struct InternalThings: EndpointGroup {
    static let surface = Surface.internal
    static let service = ServiceName.messages

    let count = Endpoint<ThingPart, ThingNote>(
        "internal.things.count", .post, "/internal/things/{id}/count", of: Self.self, access: .service(from: [.jobs]),
        "For other services")
}

/// The groups of made-up endpoints.
enum Things {
    static let clawConnected = ThingEndpoints()
    static let skillhouse = SkillhouseThings()
    static let skillSync = SkillSyncThings()
    static let oauth = OAuthThings()
    static let `internal` = InternalThings()

    static let all =
        clawConnected.operations + skillhouse.operations + skillSync.operations + oauth.operations
        + `internal`.operations
}
