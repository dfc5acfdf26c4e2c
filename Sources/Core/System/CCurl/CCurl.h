#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

// libcurl's setters take a variable number of arguments, which Swift cannot call, and are macros
// besides. Each of these has one type of argument; no setter of another type may go through it.

static inline CURLcode slipway_curl_set_number(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode slipway_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode slipway_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode slipway_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode slipway_curl_set_list(CURL *easy, CURLoption option,
                                             struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}

/* libcurl keeps a copy. */
static inline CURLcode slipway_curl_set_copy(CURL *easy, CURLoption option, const void *bytes,
                                             size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return (curl_easy_setopt)(easy, option, &blob);
}

typedef size_t (*slipway_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode slipway_curl_set_sink(CURL *easy, CURLoption option,
                                             slipway_curl_sink sink) {
    return (curl_easy_setopt)(easy, option, sink);
}

/* `opener` is asked for each socket and handed `context`, which outlives the transfer. */
static inline CURLcode slipway_curl_set_opener(CURL *easy, curl_opensocket_callback opener,
                                               void *context) {
    CURLcode code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, context);
    return code == CURLE_OK ? (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, opener) : code;
}

/* The bytes of an address in network order: 4, 16, or 0 for neither. */
static inline size_t slipway_curl_address(const struct curl_sockaddr *address, uint8_t bytes[16]) {
    const void *raw = &address->addr;
    if (address->family == AF_INET) {
        memcpy(bytes, &((const struct sockaddr_in *)raw)->sin_addr, 4);
        return 4;
    }
    if (address->family != AF_INET6) return 0;
    memcpy(bytes, &((const struct sockaddr_in6 *)raw)->sin6_addr, 16);
    return 16;
}

/* A socket that notices within half a minute that the other side is not there any more, whether
   something is sent or not: many requests may wait on one connection. */
static inline curl_socket_t slipway_curl_socket(const struct curl_sockaddr *address) {
    int made = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (made < 0) return CURL_SOCKET_BAD;
    const int on = 1, idle_seconds = 15, interval_seconds = 5, probes = 3;
    const unsigned unacknowledged_milliseconds = 30000;
    setsockopt(made, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(made, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
    setsockopt(made, IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof interval_seconds);
    setsockopt(made, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(made, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_milliseconds,
               sizeof unacknowledged_milliseconds);
    return made;
}

static inline CURLcode slipway_curl_number(CURL *easy, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(easy, info, value);
}

static inline CURLMcode slipway_curl_multi_set_number(CURLM *multi, CURLMoption option,
                                                      long value) {
    return (curl_multi_setopt)(multi, option, value);
}

static inline CURLMcode slipway_curl_multi_set_callbacks(CURLM *multi,
                                                         curl_socket_callback on_socket,
                                                         curl_multi_timer_callback on_timer,
                                                         void *context) {
    CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, context);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, context);
    return code;
}

/* The handle of a transfer that has ended, and how it did; NULL when there is none. */
static inline CURL *slipway_curl_next_done(CURLM *multi, CURLcode *result) {
    int rest = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &rest)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
