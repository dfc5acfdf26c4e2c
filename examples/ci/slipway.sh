#!/bin/sh
# slipway.sh: a review environment from a pipeline, with POSIX sh and curl alone.
#
# usage: slipway.sh deploy | remove
#
#   SLIPWAY_URL           where Slipway is, such as https://slipway.example.com
#   SLIPWAY_TENANT        the tenant
#   SLIPWAY_ENVIRONMENT   the name of the environment, such as pr-7
#   SLIPWAY_ID_TOKEN      the token that the forge made for this run (or SLIPWAY_TOKEN, one of
#                         Slipway's own)
#   SLIPWAY_IMAGE         what is rolled out, such as app=registry.example.com/shop@sha256:…
#   SLIPWAY_SERVICE, SLIPWAY_REVISION, SLIPWAY_REF, SLIPWAY_PULL_REQUEST   what it is; optional
#   SLIPWAY_TIMEOUT       seconds after which it gives up; 600 unless said otherwise
#
# exit  0  deployed, and the URL is printed; or removed
#       1  refused or failed: the message says why
#       2  a newer push took its place, or the environment was removed meanwhile
#       3  nobody knows yet: Slipway could not be reached, or it takes longer than SLIPWAY_TIMEOUT
set -eu

url=${SLIPWAY_URL%/}
environment=/v1/tenants/$SLIPWAY_TENANT/environments/$SLIPWAY_ENVIRONMENT
deadline=$(($(date +%s) + ${SLIPWAY_TIMEOUT:-600}))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { echo "slipway: $*" >&2; }
end() {
    code=$1
    shift
    say "$*"
    exit "$code"
}

# The first member of that name in the JSON text that is read: its text, or its bare value.
member() {
    awk -v name="\"$1\":" '{
        place = index($0, name)
        if (!place) exit
        rest = substr($0, place + length(name))
        if (substr(rest, 1, 1) != "\"") {
            match(rest, /^[^,}\]]*/)
            if (substr(rest, 1, RLENGTH) != "null") print substr(rest, 1, RLENGTH)
            exit
        }
        for (i = 2; (c = substr(rest, i, 1)) != "\"" && c != ""; i++) {
            if (c == "\\") { c = substr(rest, ++i, 1); if (c == "n") c = " " }
            text = text c
        }
        print text
        exit
    }'
}
quoted() { printf '"%s"' "$(printf %s "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

# send METHOD PATH [curl's own arguments]: sets `status`; the answer is in $work/body and head.
# What is too early, too much or away for a moment is sent again, as late as it asks for.
send() {
    method=$1
    path=$2
    shift 2
    while :; do
        rm -f "$work/head" "$work/body"
        status=$(curl --silent --show-error --max-time 90 --request "$method" \
            --output "$work/body" --dump-header "$work/head" --write-out '%{http_code}' \
            "$@" "$url$path" 2>"$work/curl") || status=000
        case $status in 000 | 429 | 502 | 503 | 504) ;; *) return 0 ;; esac
        pause=$(header Retry-After)
        pause=${pause:-2}
        [ "$pause" -le 30 ] || pause=30
        [ $(($(date +%s) + pause)) -lt "$deadline" ] || end 3 "$method $path: $(reason)"
        sleep "$pause"
    done
}
# A field of the last answer; what was not answered has none.
header() {
    [ -f "$work/head" ] || return 0
    awk -v name="$1:" 'tolower($1) == tolower(name) { sub(/\r$/, ""); print $2; exit }' "$work/head"
}
call() { send "$@" --header "Authorization: Bearer $token"; }
reason() {
    [ "$status" != 000 ] || { cat "$work/curl" && return; }
    detail=$(member detail <"$work/body") 2>/dev/null
    echo "${detail:-the answer was $status}"
}
refused() { end 1 "$1 was refused ($status): $(reason)"; }

# One token of the forge, for one of Slipway's that works for minutes.
sign_in() {
    token=${SLIPWAY_TOKEN:-}
    [ -z "$token" ] || return 0
    send POST /v1/token-exchange \
        --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
        --data-urlencode "subject_token=$SLIPWAY_ID_TOKEN" \
        --data-urlencode subject_token_type=urn:ietf:params:oauth:token-type:id_token \
        --data-urlencode "resource=/v1/tenants/$SLIPWAY_TENANT"
    [ "$status" = 200 ] || refused "The token of this run"
    token=$(member access_token <"$work/body")
}

# Waits until the job has ended; `state` is how.
follow() {
    while :; do
        call GET "/v1/jobs/$1" --header 'Prefer: wait=20'
        [ "$status" = 200 ] || refused "The job $1"
        state=$(sed -n 's/.*"status":{"phase":"\([a-z]*\)".*/\1/p' "$work/body")
        case $state in completed | cancelled | stalled) return 0 ;; esac
        [ "$(date +%s)" -lt "$deadline" ] || end 3 "$2 is still under way: $(waiting)"
    done
}
waiting() {
    on=$(sed -n 's/.*"waitingOn"://p' "$work/body" | member what)
    echo "${on:+it waits for $on; }see $url/v1/jobs/$(member id <"$work/body")"
}

# The job that the last answer names; in `status` of an environment it comes last.
job() {
    case $(header Location) in
    */v1/jobs/*) header Location | sed 's|.*/||' ;;
    *) sed -n 's/.*"job":"\([^"]*\)".*/\1/p' "$work/body" ;;
    esac
}
body() {
    source=
    [ -z "${SLIPWAY_REVISION:-}" ] || source=",\"revision\":$(quoted "$SLIPWAY_REVISION")"
    [ -z "${SLIPWAY_REF:-}" ] || source="$source,\"ref\":$(quoted "$SLIPWAY_REF")"
    [ -z "${SLIPWAY_PULL_REQUEST:-}" ] || source="$source,\"pullRequest\":$SLIPWAY_PULL_REQUEST"
    printf '{"spec":{"source":{%s}' "${source#,}"
    [ -z "${SLIPWAY_SERVICE:-}" ] || printf ',"service":%s' "$(quoted "$SLIPWAY_SERVICE")"
    printf ',"images":{%s:' "$(quoted "${SLIPWAY_IMAGE%%=*}")"
    printf '%s}}}' "$(quoted "${SLIPWAY_IMAGE#*=}")"
}

deploy() {
    body >"$work/wish"
    while :; do
        call PUT "$environment" --header 'Prefer: wait=60' \
            --header 'Content-Type: application/json' --data-binary "@$work/wish"
        # Closed and opened again: what goes makes room first.
        if [ "$status" != 409 ] || ! grep -q 'being deleted' "$work/body"; then break; fi
        [ "$(date +%s)" -lt "$deadline" ] || end 3 "$(reason)"
        sleep 2
    done
    case $status in 2??) ;; *) refused "$SLIPWAY_ENVIRONMENT" ;; esac
    mine=$(job)
    follow "$mine" "The roll-out"
    # What came of it is on record, also where the environment is gone by now.
    call GET "$environment/deployments?limit=100"
    record=$(sed 's/{"id":"/\
&/g' "$work/body" | grep "\"job\":\"$mine\"" | head -n 1) || record=
    number=$(echo "$record" | member number)
    outcome=$(echo "$record" | member outcome)
    case $(echo "$record" | member state) in
    superseded | cancelled) end 2 "Roll-out $number: $outcome" ;;
    failed) end 1 "Roll-out $number failed: $outcome" ;;
    esac
    [ "$state" = completed ] || end 1 "The job $mine is $state: $(waiting)"
    call GET "$environment"
    [ "$status" = 200 ] || end 2 "The environment was removed meanwhile."
    answer=$(sed 's/.*"deployments":[0-9]*,//' "$work/body" | member url)
    say "$SLIPWAY_ENVIRONMENT is ready${number:+ with roll-out $number}."
    [ -z "${GITHUB_OUTPUT:-}" ] || echo "url=$answer" >>"$GITHUB_OUTPUT"
    echo "$answer"
}

remove() {
    call DELETE "$environment" --header 'Prefer: wait=60'
    case $status in
    204 | 404) end 0 "$SLIPWAY_ENVIRONMENT is gone." ;;
    2??) ;;
    *) refused "$SLIPWAY_ENVIRONMENT" ;;
    esac
    mine=$(job)
    follow "$mine" "The removal"
    [ "$state" = completed ] || end 1 "The job $mine is $state: $(waiting)"
    end 0 "$SLIPWAY_ENVIRONMENT is gone."
}

case ${1:-} in
deploy | remove)
    sign_in
    "$1"
    ;;
*) end 1 "usage: slipway.sh deploy | remove" ;;
esac
