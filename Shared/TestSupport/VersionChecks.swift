import ServiceKit
import SharedModels

/// The check of a caller without `If-Match`.
package let anyVersion: VersionCheck = { _ in }

/// The check of a caller whose `If-Match` has the tag of `version`.
package func onlyVersion(_ version: Int64) -> VersionCheck {
    { present in
        guard present == version else { throw Refusal(.preconditionFailed, "\(present)") }
    }
}
