import CMalloc

/// How a process gives memory back that it does not need any more.
enum Memory {
    /// A block of so many bytes or more is a mapping of its own, which ends when the block is freed.
    private static let largeBlock: Int32 = 4 << 20
    /// So many free bytes stay at the end of the heap.
    private static let reserve: Int32 = 8 << 20

    /// Keeps glibc from raising these bounds to the largest block that was ever freed (mallopt(3)): after one sign-in with a
    /// password, a process would keep scrypt's 16 MiB for ever. Call this before the first large block.
    static func arrange() {
        _ = mallopt(M_MMAP_THRESHOLD, largeBlock)
        _ = mallopt(M_TRIM_THRESHOLD, reserve)
    }
}
