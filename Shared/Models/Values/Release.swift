/// Which Guildhall this is.
public enum Release {
    /// Before the first release: what CHANGELOG.md has under “Unreleased”.
    public static let version = "1.0.0-dev"
}
