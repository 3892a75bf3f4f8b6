import CCurl
import SharedModels

/// Sets options on an easy handle and remembers the first failure. When an option cannot be set (out of memory, or a
/// libcurl built without it), the transfer must not run without it.
struct EasyOptions {
    let easy: UnsafeMutableRawPointer
    private(set) var failure: CURLcode?

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(curl_easy_setopt_long(easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: Bool) {
        note(curl_easy_setopt_long(easy, option, value ? 1 : 0))
    }

    /// libcurl copies the text.
    mutating func set(_ option: CURLoption, _ value: String) {
        note(curl_easy_setopt_string(easy, option, value))
    }

    /// libcurl keeps the pointer: what it points to must live as long as the transfer.
    mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        note(curl_easy_setopt_pointer(easy, option, value))
    }

    mutating func set(_ option: CURLoption, size: Int) {
        note(curl_easy_setopt_offset(easy, option, curl_off_t(size)))
    }

    /// In milliseconds, at least 1: libcurl takes 0 for "no limit".
    mutating func set(_ option: CURLoption, _ span: Duration) {
        set(option, Int(min(max(span.wholeMilliseconds, 1), Int64(Int32.max))))
    }

    mutating func set(
        _ option: CURLoption, _ callback: @escaping curl_write_callback,
        _ contextOption: CURLoption, _ context: UnsafeMutableRawPointer
    ) {
        note(curl_easy_setopt_data(easy, option, callback))
        set(contextOption, context)
    }

    mutating func setOpenSocket(
        _ callback: @escaping curl_opensocket_callback, _ context: UnsafeMutableRawPointer
    ) {
        note(curl_easy_setopt_opensocket(easy, callback))
        set(CURLOPT_OPENSOCKETDATA, context)
    }

    mutating func setBeforeRequest(
        _ callback: @escaping curl_prereq_callback, _ context: UnsafeMutableRawPointer
    ) {
        note(curl_easy_setopt_prereq(easy, callback))
        set(CURLOPT_PREREQDATA, context)
    }

    private mutating func note(_ code: CURLcode) {
        if failure == nil, code != CURLE_OK { failure = code }
    }
}
