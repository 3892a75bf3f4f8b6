import ServiceKit
import SharedModels

/// What a caller without `If-Match` expects.
package let anyVersion: VersionCheck = { _ in }

/// What `If-Match` with the tag of `version` does.
package func onlyVersion(_ version: Int64) -> VersionCheck {
    { present in
        guard present == version else { throw Refusal(.preconditionFailed, "\(present)") }
    }
}
