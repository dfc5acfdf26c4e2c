#pragma once
#include <curl/curl.h>

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
