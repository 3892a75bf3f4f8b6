import Crypto
import Foundation
import JWTKit
import SharedModels
import Synchronization

/// The signed tokens with which our services prove their names to each other: JWT (RFC 7519), HS256, with a key derived
/// from `SERVICE_SECRET` for this purpose only.
///
/// `iss` is the calling service, `aud` the called one. A token lives for 60 s of real time, independent of the domain
/// clock, because it protects only the present call. It is used for 30 s and then replaced.
package final class ServiceTokens: Sendable {
    private static let lifetime = Duration.seconds(60)
    private static let reuse = Duration.seconds(30)
    /// How far another machine's clock may be ahead of ours.
    private static let skew = Duration.seconds(10)
    private static let algorithm = "HS256"

    private struct Issued {
        let token: String
        let at: ContinuousClock.Instant
    }

    /// What signs the operator's tokens. No service has this name.
    private static let operatorName = "guildhallctl"

    /// Who signs, and for whom tokens must be.
    private let issuer: String
    /// The current key, then earlier ones.
    private let keys: Task<[JWTKeyCollection], Never>
    private let issued = Mutex<[ServiceName: Issued]>([:])
    private let realTime: any DomainClock

    /// - Parameters:
    ///   - secret: At least 32 bytes each. The current one of every service is among all of every other.
    ///   - issuer: This service.
    ///   - realTime: The system's clock; tests pass another one.
    package convenience init(
        secret: RotatingSecret, issuer: ServiceName, realTime: any DomainClock = SystemClock()
    ) {
        self.init(secret, issuer.rawValue, realTime)
    }

    /// Signs for the operator. No token is for this issuer, so it verifies none.
    package convenience init(ofOperator secret: RotatingSecret, realTime: any DomainClock = SystemClock()) {
        self.init(secret, Self.operatorName, realTime)
    }

    private init(_ secret: RotatingSecret, _ issuer: String, _ realTime: any DomainClock) {
        self.issuer = issuer
        self.realTime = realTime
        keys = Task {
            var keys: [JWTKeyCollection] = []
            for secret in secret.all {
                keys.append(
                    await JWTKeyCollection().add(
                        hmac: HMACKey(key: secret.key(for: .serviceTokens)), digestAlgorithm: .sha256))
            }
            return keys
        }
    }

    /// A token for calling `audience`.
    package func token(for audience: ServiceName) async throws -> String {
        let now = ContinuousClock.now
        if let known = issued.withLock({ $0[audience] }), now - known.at < Self.reuse { return known.token }
        let begin = realTime.now
        let claims = ServiceClaims(
            iss: issuer, aud: audience.rawValue,
            iat: IssuedAtClaim(value: begin.date), exp: ExpirationClaim(value: (begin + Self.lifetime).date))
        let token = try await keys.value[0].sign(claims)
        issued.withLock { $0[audience] = Issued(token: token, at: now) }
        return token
    }

    /// The service that signed `token` for us.
    ///
    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` for any other token: forged, out of date, for another service,
    ///   or valid for longer than our tokens are.
    package func verify(_ token: String) async throws(CredentialRefusal) -> ServiceName {
        guard let caller = ServiceName(rawValue: try await issuer(of: token)) else { throw Self.refusal }
        return caller
    }

    /// - Throws: ``CredentialRefusal/unauthorized(_:)`` unless the operator signed `token` for us, a moment ago.
    package func verifyOperator(_ token: String) async throws(CredentialRefusal) {
        guard try await issuer(of: token) == Self.operatorName else { throw Self.refusal }
    }

    /// The caller is not told why a token was refused.
    private static let refusal = CredentialRefusal.unauthorized("The service token is not valid.")

    /// Who signed `token` for us.
    private func issuer(of token: String) async throws(CredentialRefusal) -> String {
        guard token.utf8.count <= PresentedCredential.maximumBytes else {
            throw .unauthorized("The service token is too long.")
        }
        do {
            _ = try TokenHeader.read(token, as: ServiceClaims.self, algorithm: Self.algorithm)
            let claims = try await verifiedClaims(of: token)
            try claims.exp.verifyNotExpired(currentDate: realTime.now.date)
            let latest = realTime.now + Self.skew
            guard
                claims.aud == issuer, claims.iat.value <= latest.date,
                claims.exp.value <= claims.iat.value.addingTimeInterval(Double(Self.lifetime.components.seconds))
            else { throw Self.refusal }
            return claims.iss
        } catch {
            throw Self.refusal
        }
    }

    private func verifiedClaims(of token: String) async throws -> ServiceClaims {
        let keys = await keys.value
        for key in keys.dropLast() {
            if let claims = try? await key.verify(token, as: ServiceClaims.self) { return claims }
        }
        return try await keys[keys.count - 1].verify(token, as: ServiceClaims.self)
    }
}

private struct ServiceClaims: JWTPayload {
    let iss: String
    /// Not an `AudienceClaim`, because JWTKit 5.7 ends the process for the claim `[]`.
    let aud: String
    let iat: IssuedAtClaim
    let exp: ExpirationClaim

    /// ``ServiceTokens/verify(_:)`` checks the claims, because it knows the time and the audience.
    func verify(using algorithm: some JWTAlgorithm) {}
}

extension Timestamp {
    /// In whole seconds, as in tokens.
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
