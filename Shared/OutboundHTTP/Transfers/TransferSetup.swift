import CCurl

extension Transfer {
    /// Prepares the easy handle, which is fresh or reset.
    ///
    /// - Returns: Why libcurl refused an option; `nil` when all are set.
    func configure(userAgent: String) -> CURLcode? {
        var options = EasyOptions(easy)
        setCommon(&options, userAgent: userAgent)
        setCallbacks(&options)
        switch order.content {
        case .http(let method, let body):
            setHTTP(&options, method: method, body: body)
        case .mail(let sender, let recipients, let message, let requiresTLS):
            setMail(
                &options, sender, recipients, messageSize: message.count, requiresTLS: requiresTLS)
        }
        return options.failure
    }

    private func setCommon(_ options: inout EasyOptions, userAgent: String) {
        options.set(CURLOPT_URL, order.url)
        options.set(CURLOPT_NOSIGNAL, true)
        options.set(CURLOPT_USERAGENT, userAgent)
        options.set(CURLOPT_PROXY, "")  // else http_proxy and its like are obeyed
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        let remaining = order.deadline - started
        options.set(CURLOPT_CONNECTTIMEOUT_MS, min(order.connectTimeout, remaining))
        if order.stream == nil { options.set(CURLOPT_TIMEOUT_MS, remaining) }
        // Without this option, ending a transfer during name resolution waits for the resolver's thread, and everybody
        // else's transfers wait with it (curl, lib/asyn-thread.c, Curl_resolver_kill).
        options.set(CURLOPT_QUICK_EXIT, true)
        if order.stream != nil { options.set(CURLOPT_FRESH_CONNECT, true) }
        if order.egress != nil, !order.isDelivery {
            // Never take a pooled connection, and never leave one.
            options.set(CURLOPT_FRESH_CONNECT, true)
            options.set(CURLOPT_FORBID_REUSE, true)
        }
    }

    private func setHTTP(
        _ options: inout EasyOptions, method: OutboundRequest.Method, body: [UInt8]?
    ) {
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_FOLLOWLOCATION, false)
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_DISALLOW_USERNAME_IN_URL, true)
        // In seconds. Servers close idle connections after about a minute (nginx: 75 s). A server seldom closes a
        // younger connection just as we use it.
        options.set(CURLOPT_MAXAGE_CONN, 30)
        options.set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(list(order.headerLines)))
        if order.stream == nil, order.egress == nil, method != .head {
            options.set(CURLOPT_MAXFILESIZE_LARGE, size: order.maximumResponseBytes)
        }
        switch method {
        case .get where body == nil:
            options.set(CURLOPT_HTTPGET, true)
        case .head:
            options.set(CURLOPT_NOBODY, true)
        case .delete where body == nil, .options where body == nil:
            options.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        case .get, .options, .post, .put, .patch, .delete:
            if let upload = order.upload {
                options.set(CURLOPT_POST, true)
                options.set(CURLOPT_POSTFIELDSIZE_LARGE, size: upload.length)
                // On a connection that may have ended, libcurl would have to send the body again.
                options.set(CURLOPT_FRESH_CONNECT, true)
                options.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
                return
            }
            setBody(&options, body ?? [])
            options.set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    /// Sets the body in one of two ways.
    ///
    /// When a kept-alive connection ends before the first byte of an answer, libcurl sends the request again on another
    /// connection, for every method: the server may already have acted on the first request. For that libcurl needs to
    /// rewind the body. A body from a callback without a seek function cannot be rewound, so the transfer fails with
    /// CURLE_SEND_FAIL_REWIND instead. A request without a body gets a fresh connection, on which libcurl never
    /// repeats.
    private func setBody(_ options: inout EasyOptions, _ body: [UInt8]) {
        options.set(CURLOPT_POST, true)
        options.set(CURLOPT_POSTFIELDSIZE_LARGE, size: body.count)
        if body.isEmpty {
            options.set(CURLOPT_COPYPOSTFIELDS, "")
            if !order.mayBeResent { options.set(CURLOPT_FRESH_CONNECT, true) }
        } else if order.mayBeResent {
            body.withUnsafeBytes { bytes in
                options.set(
                    CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        }
    }

    private func setMail(
        _ options: inout EasyOptions,
        _ sender: String,
        _ recipients: [String],
        messageSize: Int,
        requiresTLS: Bool
    ) {
        options.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        options.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText.baseAddress))
        // One connection per mail: when a kept connection died, libcurl would send the mail again without rewinding.
        options.set(CURLOPT_FRESH_CONNECT, true)
        options.set(CURLOPT_FORBID_REUSE, true)
        // In whole seconds, for each reply of the server. Servers that inspect a mail take a few seconds.
        let patience = min(order.deadline - started, .seconds(15))
        options.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(max(patience.components.seconds, 1)))
        let security = requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
        options.set(CURLOPT_USE_SSL, Int(security.rawValue))
        options.set(CURLOPT_MAIL_FROM, "<\(sender)>")
        options.set(CURLOPT_MAIL_RCPT, UnsafeMutableRawPointer(list(recipients.map { "<\($0)>" })))
        options.set(CURLOPT_UPLOAD, true)
        options.set(CURLOPT_INFILESIZE_LARGE, size: messageSize)
    }

    /// The callbacks find the transfer through a pointer without ownership: the loop keeps the transfer alive until
    /// libcurl has released the handle.
    private func setCallbacks(_ options: inout EasyOptions) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.set(
            CURLOPT_HEADERFUNCTION,
            { line, size, count, context in
                let bytes = UnsafeRawBufferPointer(start: line, count: size * count)
                return Transfer.at(context)?.receive(headerLine: bytes) == true ? bytes.count : 0
            },
            CURLOPT_HEADERDATA, context
        )
        options.set(
            CURLOPT_WRITEFUNCTION,
            { data, size, count, context in
                let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
                switch Transfer.at(context)?.receive(body: bytes) {
                case .taken: return bytes.count
                case .paused: return Int(CURL_WRITEFUNC_PAUSE)
                case .stopped, nil: return 0
                }
            },
            CURLOPT_WRITEDATA, context
        )
        options.set(
            CURLOPT_READFUNCTION,
            { room, size, count, context in
                let room = UnsafeMutableRawBufferPointer(start: room, count: size * count)
                return Transfer.at(context)?.send(into: room) ?? Int(CURL_READFUNC_ABORT)
            },
            CURLOPT_READDATA, context
        )
        options.setOpenSocket(
            { context, _, address in
                guard let address else { return -1 }
                return Transfer.at(context)?.openSocket(to: address) ?? -1
            },
            context
        )
        guard order.egress != nil else { return }
        // A pooled connection may have been opened under another guard, so each request checks where it goes.
        options.setBeforeRequest(
            { context, address, _, _, _ in
                guard let address, Transfer.at(context)?.mayAsk(at: String(cString: address)) == true else {
                    return CURL_PREREQFUNC_ABORT
                }
                return CURL_PREREQFUNC_OK
            },
            context
        )
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
