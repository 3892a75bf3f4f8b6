import Crypto
import Foundation
import JWTKit
import SharedModels
import Synchronization

/// The signed tokens by which our services know each other: JWT (RFC 7519), HS256 under a key made of
/// `SERVICE_SECRET` for this purpose alone.
///
/// `iss` is the calling service, `aud` the one called. A token lives 60 s of real time, whatever the domain clock
/// says, since it guards the present call and nothing else; it is used for 30 s and then replaced.
package final class ServiceTokens: Sendable {
    private static let lifetime = Duration.seconds(60)
    private static let reuse = Duration.seconds(30)
    /// How far the clock of another machine may be ahead of ours.
    private static let skew = Duration.seconds(10)
    private static let algorithm = "HS256"

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
        keys = Task {
            await JWTKeyCollection().add(
                hmac: HMACKey(key: secret.key(for: .serviceTokens)), digestAlgorithm: .sha256)
        }
    }

    /// A token for calling `audience`.
    package func token(for audience: ServiceName) async throws -> String {
        let now = ContinuousClock.now
        if let known = issued.withLock({ $0[audience] }), now - known.at < Self.reuse { return known.token }
        let begin = realTime.now
        let claims = ServiceClaims(
            iss: service.rawValue, aud: audience.rawValue,
            iat: IssuedAtClaim(value: begin.date), exp: ExpirationClaim(value: (begin + Self.lifetime).date))
        let token = try await keys.value.sign(claims)
        issued.withLock { $0[audience] = Issued(token: token, at: now) }
        return token
    }

    /// Which service signed `token` for us.
    ///
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` for anything else: forged, out of date, for another service,
    ///   or for longer than any token of ours.
    package func verify(_ token: String) async throws(CredentialRefusal) -> ServiceName {
        do {
            _ = try TokenHeader.read(token, as: ServiceClaims.self, algorithm: Self.algorithm)
            let claims = try await keys.value.verify(token, as: ServiceClaims.self)
            try claims.exp.verifyNotExpired(currentDate: realTime.now.date)
            let latest = realTime.now + Self.skew
            guard
                claims.aud == service.rawValue, claims.iat.value <= latest.date,
                claims.exp.value <= claims.iat.value.addingTimeInterval(Double(Self.lifetime.components.seconds)),
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
    /// Not an `AudienceClaim`: one that is `[]` ends the process, in JWTKit 5.7.
    let aud: String
    let iat: IssuedAtClaim
    let exp: ExpirationClaim

    /// The claims are checked by ``ServiceTokens/verify(_:)``, which knows the time and the audience.
    func verify(using algorithm: some JWTAlgorithm) {}
}

extension Timestamp {
    /// In whole seconds, as tokens have them.
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
