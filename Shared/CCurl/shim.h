#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* curl_easy_setopt and friends are C variadics, which Swift cannot call: one typed shim per kind of argument. */
static inline CURLcode curl_easy_setopt_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode curl_easy_setopt_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode curl_easy_setopt_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode curl_easy_setopt_offset(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }

/* Callbacks with their context. Write, header and read callbacks have one and the same C type. */
static inline CURLcode curl_easy_setopt_data(CURL *h, CURLoption o, curl_write_callback v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode curl_easy_setopt_opensocket(CURL *h, curl_opensocket_callback v) {
    return curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, v);
}

static inline CURLcode curl_easy_setopt_prereq(CURL *h, curl_prereq_callback v) {
    return curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, v);
}

/* The address may be longer than the `struct sockaddr` that curl_sockaddr declares, so Swift must not copy it. */
static inline const struct sockaddr *curl_sockaddr_address(const struct curl_sockaddr *a) { return &a->addr; }
static inline curl_socket_t curl_sockaddr_open(const struct curl_sockaddr *a) {
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static inline CURLcode curl_easy_getinfo_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode curl_easy_getinfo_offset(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }

static inline CURLMcode curl_multi_setopt_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }

/* The next finished transfer of `m`, or 0. (CURLMsg holds a union, which Swift reads only by its first member.) */
static inline int curl_multi_next_done(CURLM *m, CURL **easy, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(m, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) { continue; }
        *easy = message->easy_handle;
        *result = message->data.result;
        return 1;
    }
    return 0;
}
