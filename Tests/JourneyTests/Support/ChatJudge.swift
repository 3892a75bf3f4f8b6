import TestSupport

/// Has `python-socketio` chat.
///
/// - Returns: What it printed.
func judgeChat(with arguments: [String]) async throws -> String {
    try await SocketJudge.run("check_chat.py", arguments)
}
