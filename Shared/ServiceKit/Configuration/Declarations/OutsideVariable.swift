/// A variable that no service reads. The gateway's template, the commands of `make`, `guildhallctl`, Compose or the tests
/// read it.
package struct OutsideVariable: Sendable {
    package enum Reader: String, Sendable, CaseIterable {
        case gateway = "The gateway"
        case commands = "The commands of make"
        case control = "guildhallctl"
        case compose = "Compose"
        case tests = "Tests"
    }

    package let name: String
    let initial: String
    let rule: String
    let meaning: String
    package let reader: Reader

    private init(_ name: String, _ initial: String, _ rule: String, _ meaning: String, _ reader: Reader) {
        (self.name, self.initial, self.rule, self.meaning, self.reader) = (name, initial, rule, meaning, reader)
    }

    package static let all: [Self] = gateway + commands + control + compose + tests

    private static let gateway = [
        Self(
            "GATEWAY_RATE", "2000; in production 200, with `make up` 50000", "requests per second",
            "What one address may ask; also the burst.", .gateway),
        Self(
            "GATEWAY_CONNECTIONS", "1000; in production 200, with `make up` 2000", "connections",
            "What one address may hold open.", .gateway),
        Self("GATEWAY_LISTEN", "`8080`", "a port, or an address and a port", "Where it listens.", .gateway),
        Self(
            "GATEWAY_TLS", "`off`; `on` with deploy/compose.tls.yml", "`on` or `off`", "Whether it speaks TLS.",
            .gateway),
        Self("GATEWAY_FILES", "set by Compose and `make up`", "a folder", "Its configuration.", .gateway),
        Self("GATEWAY_STATE", "set by Compose and `make up`", "a folder", "Its temporary files.", .gateway),
        Self("GATEWAY_LOG", "set by Compose and `make up`", "a file", "Its log.", .gateway),
        Self("<SERVICE>_UPSTREAM", "`<service>:8080`", "a host and a port", "Where each service is.", .gateway),
    ]

    private static let commands = [
        Self("GUILDHALL_HOME", "`.local`", "a folder", "The stack's data, logs and settings.", .commands),
        Self("GUILDHALL_PG_PORT", "`25432`", "a port", "The private PostgreSQL.", .commands),
        Self("GUILDHALL_BUILD", "`release`", "`release` or `debug`", "How the programs are built.", .commands),
        Self(
            "GUILDHALL_BIN", "`.build/<GUILDHALL_BUILD>`", "a folder",
            "The programs are taken from here; nothing is built.", .commands),
        Self(
            "GUILDHALL_LISTEN", "`127.0.0.1`", "an address", "The gateway's; with Compose the one it is published on.",
            .commands),
        Self(
            "GUILDHALL_LOCKED", "set by the commands", "a folder", "Tells a command that its caller has the lock.",
            .commands),
    ]

    private static let control = [
        Self(
            "GUILDHALL_API_KEY", "required for `events`", "an API key with the scope `notifications:read`",
            "Whose events `guildhallctl events` prints.", .control),
        Self(
            "GATEWAY_URL", "its port on 127.0.0.1", "a URL",
            "Where `guildhallctl doctor` asks the gateway. The services are where `AUTH_URL` and its like say, and "
                + "`WEB_URL`.", .control),
    ]

    private static let compose = [
        Self("GUILDHALL_NETWORK", "`172.30.89`", "three numbers", "The first three of the network.", .compose),
        Self("GUILDHALL_VERSION", "`local`", "a tag", "The images' tag.", .compose),
        Self("GUILDHALL_TLS_PORT", "`443`", "a port", "The gateway's for https on the host.", .compose),
        Self(
            "TLS_FOLDER", "required with deploy/compose.tls.yml", "a folder",
            "Has the certificate and its key: `fullchain.pem` and `privkey.pem`.", .compose),
        Self(
            "SERVICE_MEMORY", "`512m`", "a size",
            "What a service's container may use, each. `GATEWAY_MEMORY` is `1280m`.",
            .compose),
        Self("POSTGRES_MEMORY", "`2g`", "a size", "What the database's container may use.", .compose),
        Self("SANDBOX_PORT", "`8089`", "a port", "The sandbox's on the host.", .compose),
        Self(
            "POSTGRES_PASSWORD", "published in development", "text", "The superuser's, from which databases are made.",
            .compose),
        Self(
            "<SERVICE>_DATABASE_PASSWORD", "published in development", "text",
            "The role's of each service; part of its `DATABASE_URL`.", .compose),
        Self(
            "PAYMENTS_DATABASE_OWNER_PASSWORD", "published in development", "text",
            "The role's that owns the ledger; part of payments' `DATABASE_OWNER_URL`.", .compose),
    ]

    private static let tests = [
        Self("GUILDHALL_ONLY", "set by `make test ONLY=`", "a module", "Whose tests alone are built.", .tests),
        Self("GUILDHALL_TEST_HOME", "`.local/test`", "a folder", "The stack that `make test` starts.", .tests),
        Self("GUILDHALL_TEST_PORT", "`18080`", "a port", "Its gateway's.", .tests),
        Self("GUILDHALL_TEST_PG_PORT", "`15432`", "a port", "Its PostgreSQL's.", .tests),
        Self("GUILDHALL_TEST_BIN", "set by `make test`", "a folder", "The programs that are tested.", .tests),
        Self("GUILDHALL_TEST_GATEWAY", "set by `make test`", "a URL", "The gateway that is tested.", .tests),
        Self("GUILDHALL_TEST_SANDBOX", "set by `make test`", "a URL", "The sandbox beside it.", .tests),
        Self(
            "GUILDHALL_TEST_DATABASE_URL", "a private server of the tests' own", "a libpq URL of a superuser",
            "Where the tests make their databases.", .tests),
        Self(
            "GUILDHALL_REQUIRE_JOURNEYS", "unset", "`1`", "Without a stack to test, the journeys fail instead of pass.",
            .tests),
        Self(
            "GUILDHALL_TEST_PACKAGES", "`.local/packages`", "a folder", "Where the judges' Python packages are.", .tests
        ),
        Self("GUILDHALL_URL", "set by the judges of libraries", "a URL", "The gateway that they call.", .tests),
        Self(
            "GUILDHALL_BENCH_MATCHING", "set by `bench/matching/run`", "`1`",
            "Has matching measured instead of tested.",
            .tests),
        Self(
            "GUILDHALL_REBINDING_NAMES", "set by `Tests/egress/run`", "`on`",
            "Names that change their address can be asked for.", .tests),
        Self("CHAOS_SEEDS", "set by `make chaos`", "a number", "How many schedules of kills are run.", .tests),
        Self("CHAOS_FIRST_SEED", "`1`", "a number", "The seed of the first one.", .tests),
        Self("CHAOS_SIDE_BY_SIDE", "`4`", "a number", "How many of them run at once.", .tests),
    ]
}
