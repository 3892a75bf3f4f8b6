import SharedModels

/// Tells one attempt at a piece of work from a later attempt that took the work over. Never shown to users.
package typealias ClaimID = Identifier<ClaimKind>

package enum ClaimKind: IdentifierKind { public static let prefix = "claim" }
