/// Messages whose length two readers could see differently.
enum SmugglingCases {
    static let all =
        transferEncodings + contentLengths + pairs + lineEndings + chunkSizes + trailers + pipelines

    /// Spellings of a coding that some reader takes for `chunked`, before a body of chunks.
    private static let transferEncodings: [OwnCase] =
        [
            "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx",
            "Transfer-Encoding: chunk",
            "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked,",
            "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked;", "Transfer-Encoding: ",
            "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: 'chunked'", "Transfer-Encoding: chunked chunked",
            "Transfer-Encoding: chunked identity", "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: [chunked]", "Transfer-Encoding: chunked\u{0B}",
            "Transfer-Encoding: \u{0B}chunked", "Transfer-Encoding: chunked\u{0C}",
            "Transfer-Encoding: \u{0}chunked", "Transfer-Encoding: chunked\u{0}",
            "Transfer-Encoding: chun\u{212A}ed", "Transfer-Encoding: \u{A0}chunked",
            "Transfer-Encoding: \u{FEFF}chunked", "Transfer-Encoding:\u{08}chunked",
            "Transfer-Encoding: chunked\r", "Transfer-Encoding: chu\rnked",
            "Transfer-Encoding:\n chunked", "Transfer-Encoding:\r\n chunked",
            "Transfer-Encoding:\r\n\tchunked", "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked", "Transfer-Encoding\u{0}: chunked",
            "Transfer-Encoding\u{0B}: chunked", "Transfer-Encoding\u{A0}: chunked",
            " Transfer-Encoding: chunked", "\tTransfer-Encoding: chunked",
            "\u{0}Transfer-Encoding: chunked", "\u{FEFF}Transfer-Encoding: chunked",
            "Transfer Encoding: chunked", "Transfer-Encoding chunked", "Transfer-Encoding:chunked:",
            "Transfer-Encoding=chunked", "X: y\nTransfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked", "X: y\n\rTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\ntransfer-encoding: x",
            "TRANSFER-ENCODING: x\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding:",
        ].map { post($0, body: chunks, OwnCase.bad) }
        + ["gzip, chunked", "x,chunked", "deflate , chunked", "identity, chunked"].map {
            post("Transfer-Encoding: \($0)", body: chunks, .refused(after: 0, [501]))
        }
        + ["chunked", "Chunked", "CHUNKED", " \t chunked \t ", "chunked\t"].map {
            post("Transfer-Encoding:\($0)", body: chunks, .accepted(1))
        }

    private static let contentLengths: [OwnCase] =
        [
            "+5", "-5", "-0", "0x5", "5,5", "5, 5", "5;", "5.0", "5e0", "", " ", "5 5", "5_0", "_5",
            "0b101", "0o5", "\u{0665}", "\u{FF15}", "five", "\"5\"", "5\u{0}", "\u{0}5", "5\u{0B}",
            "\u{0B}5", "5\r", "5\u{A0}", "(5)", "5,", ",5", "5,6", "NaN", "0x", "5L", "1e1000",
            "5\r\n 5", "5\n5", "5\r\nContent-Length: 5", "5\r\nContent-Length: 6",
            "5\r\ncontent-length: 5", "0\r\nContent-Length: 5", "5\r\nContent-Length: 0",
            "5\r\nContent-Length: x", "5\r\nContent-Length:",
        ].map { post("Content-Length: \($0)", body: "hello", OwnCase.bad) }
        + [
            "Content-Length : 5", "Content-Length\t: 5", " Content-Length: 5",
            "Content_Length : 5", "Content-Length 5", "Content-Length\u{0}: 5", ": 5",
            "Content-Length;: 5", "Content-\r\nLength: 5", "X: y\nContent-Length: 5",
        ].map { post($0, body: "hello", OwnCase.bad) }
        + [
            "9223372036854775808", "18446744073709551616", "18446744073709551621",
            "99999999999999999999", String(repeating: "9", count: 400),
        ].map { post("Content-Length: \($0)", body: "hello", .refused(after: 0, [413])) }
        + ["5", "05", "005", "\t5", "5 \t", "00000000000000000000000005"].map {
            post("Content-Length:\($0)", body: "hello", .accepted(1))
        }

    /// Both fields at once, in either order, whatever they say.
    private static let pairs: [OwnCase] = {
        var cases: [OwnCase] = []
        for length in ["0", "5", "15", "x", "", "5, 5"] {
            for coding in ["chunked", "Chunked", "identity", "x", "", "chunked, chunked"] {
                let one = "Content-Length: \(length)\r\nTransfer-Encoding: \(coding)"
                let other = "transfer-encoding: \(coding)\r\ncontent-length: \(length)"
                let heads = [
                    "1.1\r\n\(one)", "1.1\r\n\(other)", "1.0\r\n\(one)", "1.0\r\n\(other)",
                ]
                cases += heads.map {
                    OwnCase("POST / HTTP/\($0)\r\nHost: a\r\n\r\n\(chunks)", OwnCase.bad)
                }
            }
        }
        cases.append(
            OwnCase(
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)",
                OwnCase.bad
            )
        )
        return cases
    }()

    /// Every line of a message ended by something else than CRLF.
    private static let lineEndings: [OwnCase] = {
        let lines = [
            "POST / HTTP/1.1", "Host: a", "X-Y: z", "Transfer-Encoding: chunked", "", "5",
            "hello", "0", "Trailer-Key: v", "",
        ]
        var cases: [OwnCase] = []
        for ending in ["\n", "\n\r", "\r\r\n", "\u{0B}\r\n", "\u{0}\r\n", "\r\n\r"] {
            for place in lines.indices {
                var text = ""
                for (index, line) in lines.enumerated() {
                    text += line + (index == place ? ending : "\r\n")
                }
                // After the message's end the change belongs to the next request.
                let isLast = place == lines.count - 1
                if isLast && ending == "\r\n\r" { continue }
                cases.append(
                    OwnCase(
                        "\(ending.debugDescription) after line \(place)",
                        Array(text.utf8),
                        isLast && ending == "\u{85}" ? .refused(after: 0, [400]) : OwnCase.bad
                    )
                )
            }
        }
        return cases
    }()

    private static let chunkSizes: [OwnCase] =
        [
            "", " ", "0x5", "5 ", "5\t", " 5", "\t5", "+5", "-5", "5h", "g", "5,", "5.", "5_0",
            "5 5",
            "5\u{0}", "\u{0}5", "5\u{0B}", "\u{0B}5", "5\r", "\r5", "\u{0665}", "\"5\"",
            "00000000000000005", "10000000000000005", "FFFFFFFFFFFFFFFF", "8000000000000000",
            "FFFFFFFFFFFFFFFF5", "100000000000000000000000000000005", "5;", "5; ", "5;=", "5;=b",
            "5;a=", "5;a=;", "5;a=\"", "5;a=\"b", "5;a=\"b\"c", "5;a=b c", "5;a b", "5;;a",
            "5;a=b;",
            "5;\u{0}", "5;a=\u{0}", "5;a=\"\u{0}\"", "5;a=\"\\\"", "5;a\u{7F}", "5;a=\"\u{7F}\"",
            "5;a=b\u{0B}", "5:a", "5;a=\"\\\u{0}\"", "5;a=(b)", "5 a", "5;a=b\rc", "5;a=\"b\rc\"",
            "5;" + String(repeating: "a", count: 2_000),
        ].map { OwnCase($0.debugDescription, Wrap.chunk(Array($0.utf8)), OwnCase.bad) }
        + [
            "5", "05", "0000000000000005", "5;a", "5;a=b", "5;a=\"b\"", "5 ;a", "5; a", "5;a =b",
            "5;a= b", "5;a=\"b c\"", "5;a=\"\\\"\"", "5;a;b;c=d", "5;a=\"\"", "5;a=\"caf\u{E9}\"",
        ].map { OwnCase($0.debugDescription, Wrap.chunk(Array($0.utf8)), .accepted(1)) }

    private static let trailers: [OwnCase] =
        [
            "Transfer-Encoding: chunked", "transfer-encoding: x", "Content-Length: 5",
            "CONTENT-LENGTH: 0", "Host: b", "hOST: a", "Connection: close",
            "Content-Encoding: gzip",
            " X: y", "\tX: y", "X : y", "X", ":", ": y", "X: \u{0}", "X: a\r\n b", "X\u{0}: y",
            "X: a\rb", "X: a\nb", "X Y: z", "GET / HTTP/1.1",
        ].map { OwnCase($0.debugDescription, Wrap.trailer(Array($0.utf8)), OwnCase.bad) }
        + ["X: y", "X:", "Vary: *", "X: y\r\nZ: caf\u{E9}", "Digest: a=b"].map {
            OwnCase($0.debugDescription, Wrap.trailer(Array($0.utf8)), .accepted(1))
        }

    /// A first request that is fine and bytes after it that are not.
    private static let pipelines: [OwnCase] = [
        ("", .accepted(1)),
        ("GET /b HTTP/1.1\r\nHost: b\r\n\r\n", .accepted(2)),
        ("\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n", .accepted(2)),
        ("\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n", .refused(after: 1, [400])),
        ("\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n", .refused(after: 1, [400])),
        ("0\r\n\r\n", .refused(after: 1, [400])), ("x=y\r\n\r\n", .refused(after: 1, [400])),
        (" GET / HTTP/1.1\r\n\r\n", .refused(after: 1, [400])),
        ("GET /b HTTP/1.1\r\n\r\n", .refused(after: 1, [400])),
        ("\u{0}", .refused(after: 1, [400])), ("GET /b\r\n\r\n", .refused(after: 1, [400])),
        ("HTTP/1.1 200 OK\r\n\r\n", .refused(after: 1, [400])),
    ].map { rest, verdict in
        OwnCase(
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\(rest)",
            verdict
        )
    }

    private static let chunks = "5\r\nhello\r\n0\r\n\r\n"

    private static func post(
        _ fields: String,
        body: String,
        _ verdict: OwnCase.Verdict
    ) -> OwnCase {
        OwnCase("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)", verdict)
    }
}
