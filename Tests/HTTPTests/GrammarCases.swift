/// Requests at the edges of the grammar that reliability depends on.
enum GrammarCases {
    static let all = hosts + repeatedHosts + targets + versions + methods + fields + expectations

    private static let hosts: [OwnCase] =
        [
            "", "a b", "a,b", "a, b", "user@a", "user:password@a", "a/b", "a?b", "a#b", "http://a",
            "//a", ":", ":80", "a:b", "a:-1", "a:+1", "a:65536", "a:999999", "a:80:80", "a: 80",
            "a :80", "[::1", "::1", "[]", "[::1]x", "[::1]:", "[:::]", "[g::1]", "[1::2::3]",
            "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[::ffff:1.2.3.256]", "[1.2.3.4]",
            "[::1.2.3]", "[12345::]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[v1.a]", "[::1]]",
            "a\tb", "a\u{0}", "\u{E9}.example", "a%", "a%4", "a%zz", "%", "\"a\"", "<a>", "a\\b",
            "{a}", "a|b", "a^b", "a`b", "[1:2:3:4:5:6:7::8]", "[:1]", "[1:]",
        ].map { value in
            // An empty port is grammatical.
            OwnCase(
                "Host \(value.debugDescription)",
                Wrap.host(Array(value.utf8)),
                value == "[::1]:" ? .accepted(1) : OwnCase.bad
            )
        }
        + [
            "a", "A.EXAMPLE", "a:", "a:0", "a:65535", "127.0.0.1", "127.0.0.1:8080", "[::]",
            "[::1]:80", "[1:2:3:4:5:6:7:8]", "[::ffff:1.2.3.4]", "[1:2:3:4:5:6:1.2.3.4]",
            "[1::8]", "[1::]", "a-b_c~d.e", "a%20b", "xn--bcher-kva.example", "  a  ", "a.",
        ].map { OwnCase("Host \($0)", Wrap.host(Array($0.utf8)), .accepted(1)) }

    private static let repeatedHosts: [OwnCase] = [
        OwnCase("GET / HTTP/1.1\r\n\r\n", OwnCase.bad),
        OwnCase("GET http://a/ HTTP/1.1\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\nHost: a\r\nHOST: a\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\nHost: a\r\nHost:\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\nHost : a\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\n Host: a\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.1\r\nX: y\r\n Host: a\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", OwnCase.bad),
        OwnCase("GET / HTTP/1.0\r\n\r\n", .accepted(1)),
        OwnCase("GET / HTTP/1.9\r\n\r\n", OwnCase.bad),
    ]

    private static let targets: [OwnCase] =
        [
            "*", "", "a", "a/b", "../a", "http:", "http:/", "http://", "http:///", "http:///a",
            "http://:80/", "http://a:b/", "http://a:65536/", "ftp://a/", "file:///a", "https:/a",
            "http://a#f", "/#", "/a#b", "http://u@a/", "http://u:p@a/", "http://[::1", "http://[]/",
            "http://a,b/", "/\\", "\\", "/a\"b", "/<", "/a|b", "/a^b", "/{a}", "/`", "/[a]",
            "/?a[b]",
            "/%", "/%4", "/%zz", "/a%2", "/?%", "/?%g1", "/\u{E9}", "/?\u{E9}", "a:80", "?a", "#",
            "javascript:a", "http//a", "://a", "/a b", "/a\tb", " /", "/ ", "mailto:a",
        ].map {
            OwnCase(
                "target \($0.debugDescription)",
                Wrap.request(line: Array("GET \($0) HTTP/1.1".utf8)),
                OwnCase.bad
            )
        }
        + [
            "/", "//", "///a", "/a//b", "/.", "/..", "/a/../b", "/%00", "/%2e%2E", "/%C3%A9", "/?",
            "/??", "/?a=b&c=/d?e", "/a;b=c", "/@", "/:", "/~a!$&'()*+,;=", "http://a", "http://a/",
            "HTTP://A/b", "https://a?x", "http://a?", "http://a:/", "http://[::1]:80/a?b",
        ].map {
            OwnCase(
                "target \($0)",
                Wrap.request(line: Array("GET \($0) HTTP/1.1".utf8)),
                .accepted(1)
            )
        } + [
            OwnCase("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", .accepted(1)),
            OwnCase("OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("OPTIONS *? HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("CONNECT * HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
        ]

    private static let versions: [OwnCase] =
        [
            "HTTP/1.", "HTTP/1", "HTTP/11", "HTTP/1.10", "HTTP/1.1.1", "http/1.1", "Http/1.1",
            "HTTP /1.1", "HTTP/ 1.1", "HTTP/1 .1", "HTTP/1. 1", "HTTP/1.1 ", " HTTP/1.1",
            "HTTP/+1.1", "HTTP/01.1", "HTTP/1.1\t", "HTTPS/1.1", "XHTTP/1.1", "HTTP", "HTTP/",
            "HTTP/x.1", "HTTP/1.x", "HTTP/2", "HTTP/\u{0661}.1", "HTTP-1.1", "HTTP/1,1", "HTP/1.1",
            "1.1", "HTTP/1.1HTTP/1.1", "HTTP/1.1 HTTP/1.1", "HTTP\\1.1", "HTTP/1.1;", "",
        ].map {
            OwnCase(
                "version \($0.debugDescription)",
                Wrap.request(line: Array("GET / \($0)".utf8)),
                OwnCase.bad
            )
        }
        + ["0.9", "2.0", "2.1", "3.0", "9.9", "0.0"].map {
            OwnCase(
                "version \($0)",
                Wrap.request(line: Array("GET / HTTP/\($0)".utf8)),
                .refused(after: 0, [505])
            )
        } + [OwnCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .refused(after: 0, [505]))]

    private static let methods: [OwnCase] =
        [
            "", " GET", "GET ", "G ET", "G\tET", "GET:", "(GET)", "G\u{E9}T", "\u{FEFF}GET",
            "\"GET\"",
        ].map {
            OwnCase(
                "method \($0.debugDescription)",
                Wrap.request(line: Array("\($0) / HTTP/1.1".utf8)),
                OwnCase.bad
            )
        }
        + ["get", "GETS", "-", "!#$%&'*+-.^_`|~", "PROPFIND", "TRACE", "A"].map {
            OwnCase(
                "method \($0)",
                Wrap.request(line: Array("\($0) / HTTP/1.1".utf8)),
                .accepted(1)
            )
        } + [
            OwnCase(
                "a method of 33 bytes",
                Wrap.request(line: Array("\(String(repeating: "A", count: 33)) / HTTP/1.1".utf8)),
                .refused(after: 0, [501])
            ),
            OwnCase("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", OwnCase.bad),
            OwnCase("GET / HTTP/1.1\r\nHost: a\r\n", .waits),
            OwnCase("GET / HTTP/1.1\r\nHost: a\r\n\r", .waits),
        ]

    private static let fields: [OwnCase] =
        [
            ":", ": a", " x: y", "\tx: y", "x : y", "x\t: y", "x", "x y", "x\u{0}: y", "x: \u{0}",
            "x: \u{7F}", "x: \u{1B}[0m", "x: a\r\n b", "x: a\r\n\tb", "x: a\r\n \r\n", "x\r\n : y",
            "x: y\rz: w", "x: y\nz: w", "x: y\r\r\nz: w", "(x): y", "x,y: z", "x/y: z", "x@y: z",
            "x[0]: z", "\u{E9}: x", "x=y: z", "\"x\": y", "x;y: z", "{x}: y", "x\\y: z", "x?: y",
        ].map { OwnCase("field \($0.debugDescription)", Wrap.field(Array($0.utf8)), OwnCase.bad) }
        + [
            "x:", "x:y", "x: ", "x:\t y \t", "x::", "x: a:b", "x: \u{E9}", "x: \"a\"",
            "!#$%&'*+-.^_`|~0: y", "Content_Length: 5", "Transfer_Encoding: chunked",
            "X-Transfer-Encoding: chunked", "Transfer-Encodings: x", "Connection: upgrade",
            "Upgrade: websocket", "Trailer: Host", "TE: trailers", "Cookie: a=b; c=d",
        ].map { OwnCase("field \($0.debugDescription)", Wrap.field(Array($0.utf8)), .accepted(1)) }

    private static let expectations: [OwnCase] =
        [
            ("100-continue", OwnCase.Verdict.accepted(1)), ("100-Continue", .accepted(1)),
            ("", .accepted(1)), ("200-ok", .refused(after: 0, [417])),
            ("100-continue, x", .refused(after: 0, [417])), ("100", .refused(after: 0, [417])),
            ("100-continue-not", .refused(after: 0, [417])),
        ].map { value, verdict in
            OwnCase("POST / HTTP/1.1\r\nHost: a\r\nExpect: \(value)\r\n\r\n", verdict)
        } + [OwnCase("POST / HTTP/1.0\r\nExpect: x\r\n\r\n", .accepted(1))]
}
