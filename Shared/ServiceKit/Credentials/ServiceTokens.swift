import JWTKit
import SharedModels
import Synchronization

/// The signed tokens by which our services know each other: JWT (RFC 7519), HS256 under `SERVICE_SECRET`.
///
/// `iss` is the calling service, `aud` the one called. A token lives 60 s of real time, whatever the domain clock
/// says, since it guards the present call and nothing else; it is used for 30 s and then replaced.
package final class ServiceTokens: Sendable {
    private static let lifetime = Duration.seconds(60)
    private static let reuse = Duration.seconds(30)

    private struct Issued {
        let token: String
        let at: ContinuousClock.Instant
    }

    private let service: ServiceName
    private let keys: Task<JWTKeyCollection, Never>
    private let issued = Mutex<[ServiceName: Issued]>([:])
    private let realTime: any DomainClock

    /// - Parameters:
    ///   - secret: The same in all services, 32 bytes or more.
    ///   - issuer: Who we are.
    ///   - realTime: The system's clock; another one in tests.
    package init(secret: Secret, issuer: ServiceName, realTime: any DomainClock = SystemClock()) {
        service = issuer
        self.realTime = realTime
        keys = Task { await JWTKeyCollection().add(hmac: HMACKey(from: secret.bytes), digestAlgorithm: .sha256) }
    }

    /// A token for calling `audience`.
    package func token(for audience: ServiceName) async throws -> String {
        let now = ContinuousClock.now
        if let known = issued.withLock({ $0[audience] }), now - known.at < Self.reuse { return known.token }
        let claims = ServiceClaims(
            iss: service.rawValue, aud: audience.rawValue, exp: (realTime.now + Self.lifetime).seconds)
        let token = try await keys.value.sign(claims)
        issued.withLock { $0[audience] = Issued(token: token, at: now) }
        return token
    }

    /// Which service signed `token` for us.
    ///
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` for anything else: forged, out of date, for another service.
    package func verify(_ token: String) async throws(CredentialRefusal) -> ServiceName {
        do {
            let claims = try await keys.value.verify(token, as: ServiceClaims.self)
            guard claims.aud == service.rawValue, claims.exp > realTime.now.seconds,
                let caller = ServiceName(rawValue: claims.iss)
            else { throw CredentialRefusal.unauthorized("The service token is not valid here.") }
            return caller
        } catch {
            // Why a token is not ours is nobody's business.
            throw .unauthorized("The service token is not valid.")
        }
    }
}

private struct ServiceClaims: JWTPayload {
    let iss: String
    let aud: String
    /// Seconds since 1970.
    let exp: Int64

    /// The claims are checked by ``ServiceTokens/verify(_:)``, which knows the time and the audience.
    func verify(using algorithm: some JWTAlgorithm) {}
}
