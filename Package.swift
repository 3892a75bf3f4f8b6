// swift-tools-version: 6.2

import PackageDescription

/// Every target of ours is built alike: strict language mode, warnings are errors.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// A service: the folder `Services/<name>`, the module `<name>Service`, the program `guildhall-<name>`.
/// It has migrations, or what it shows.
func service(_ name: String, _ more: [Target.Dependency] = [], folder: String = "Migrations") -> Target {
    .executableTarget(
        name: "\(name)Service",
        dependencies: ["SharedModels", "ServiceKit", "Postgres", "OutboundHTTP", logging] + more,
        path: "Services/\(name)",
        resources: [.copy(folder)],
        swiftSettings: settings
    )
}

func library(_ name: String, path: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(path)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: ["SharedModels", "ServiceKit", "Postgres", "OutboundHTTP", "TestSupport"] + dependencies,
        path: "Tests/\(name)Tests",
        swiftSettings: settings
    )
}

/// `make test ONLY=Jobs` builds the tests of that module alone, `ONLY=Jobs,Models` those of two.
let only = Context.environment["GUILDHALL_ONLY"].map { $0.split(separator: ",").map { "\($0)Tests" } }

/// Every service, and what it needs beyond what all of them do.
let services: [(name: String, more: [Target.Dependency])] = [
    ("Auth", ["Mails", "CCrypt", crypto, cryptoExtras, jwt, lifecycle]),
    ("Talent", [crypto]),
    ("Jobs", []),
    ("Contracts", [crypto]),
    ("Payments", [crypto]),
    ("Notifications", ["Mails", crypto, lifecycle]),
    ("Messages", [lifecycle]),
    ("Web", ["GuildhallClient", crypto, mustache]),
    ("Sandbox", [crypto, lifecycle]),
]

let package = Package(
    name: "guildhall",
    products: services.map {
        .executable(name: "guildhall-\($0.name.lowercased())", targets: ["\($0.name)Service"])
    } + [
        .executable(name: "guildhallctl", targets: ["Command"]),
        .library(name: "GuildhallClient", targets: ["GuildhallClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", exact: "5.7.1"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CPostgres", path: "Shared/CPostgres", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        .systemLibrary(
            name: "CCurl", path: "Shared/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CCrypt", path: "Shared/CCrypt", pkgConfig: "libcrypt",
            providers: [.apt(["libcrypt-dev"])]
        ),
        .systemLibrary(name: "CMalloc", path: "Shared/CMalloc"),
        library("SharedModels", path: "Models", []),
        library("Postgres", path: "Postgres", ["CPostgres", "SharedModels", crypto, lifecycle, logging]),
        library("OutboundHTTP", path: "OutboundHTTP", ["CCurl", "SharedModels", lifecycle, logging]),
        library(
            "ServiceKit", path: "ServiceKit",
            [
                "SharedModels", "Postgres", "OutboundHTTP", "CMalloc", crypto, jwt, lifecycle, logging, signals,
                httpTypes,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "Configuration", package: "swift-configuration"), metrics,
            ]),
        library("Mails", path: "Mails", ["SharedModels", "ServiceKit", "OutboundHTTP", mustache]),
        library("GuildhallClient", path: "Client", ["SharedModels", "OutboundHTTP", logging]),
        library(
            "TestSupport", path: "TestSupport",
            [
                "SharedModels", "Postgres", "OutboundHTTP", "ServiceKit", "GuildhallClient", crypto, lifecycle, logging,
                httpTypes,
            ]),
        .executableTarget(
            name: "Command",
            dependencies: [
                "SharedModels", "GuildhallClient", "OutboundHTTP", "ServiceKit", arguments, crypto, logging,
                httpTypes,
            ],
            path: "Services/Command",
            swiftSettings: settings
        ),
        tests("Models", []),
        tests("Postgres", ["CPostgres"]),
        tests("OutboundHTTP", [logging]),
        tests("Jobs", ["JobsService", logging]),
        tests("Talent", ["TalentService", logging]),
        tests("Contracts", ["ContractsService", logging]),
        tests("Sandbox", ["SandboxService"]),
        tests("Payments", ["PaymentsService", "SandboxService", crypto]),
        tests("Auth", ["AuthService", "Mails", crypto, jwt, logging]),
        tests("Messages", ["MessagesService", lifecycle, logging]),
        tests("Notifications", ["NotificationsService", "Mails", logging]),
        tests(
            "ServiceKit",
            [
                crypto, lifecycle, logging, metrics, httpTypes,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        tests("Web", ["WebService", "GuildhallClient", logging, httpTypes]),
        tests("Command", ["Command", "GuildhallClient"]),
        tests("Journey", ["GuildhallClient", crypto, logging]),
    ].filter { $0.type != .test || only?.contains($0.name) != false }
)

package.targets += services.map { service($0.name, $0.more, folder: $0.name == "Web" ? "Resources" : "Migrations") }
