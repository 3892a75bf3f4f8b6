import SharedModels

/// Tells one attempt at a piece of work from another that took it over: never shown, never a thing's name.
package typealias ClaimID = Identifier<ClaimKind>

package enum ClaimKind: IdentifierKind { public static let prefix = "claim" }
