import Testing

@testable import Outbound

struct HeadParserTests {
    private func parse(_ lines: [String]) -> HeadParser.Action {
        var parser = HeadParser()
        var last = HeadParser.Action.none
        for line in lines {
            let action = Array(line.utf8).withUnsafeBytes { parser.received($0) }
            if action != .none { last = action }
        }
        return last
    }

    @Test func `interim answers and trailers are left out`() {
        let action = parse([
            "HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n",
            "A:  b c \r\n", "a: second\r\n", "\r\n", "Trailer: no\r\n", "\r\n",
        ])
        let headers = [OutboundHeader("a", "b c"), OutboundHeader("a", "second")]
        #expect(
            action == .complete(OutboundHead(version: "HTTP/1.1", status: 200, headers: headers))
        )
    }

    @Test func `a status without a reason is one too`() {
        let head = OutboundHead(version: "HTTP/2", status: 429, headers: [])
        #expect(parse(["HTTP/2 429 \r\n", "\r\n"]) == .complete(head))
    }

    @Test(arguments: ["HTTP/1.1 2x0 OK", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 +20"])
    func `what is no status is no head`(line: String) {
        #expect(parse([line, "\r\n"]) == .none)
    }

    @Test func `header lines without end are refused`() {
        let line = "a: " + String(repeating: "x", count: 1_000)
        #expect(parse(Array(repeating: line, count: 300)) == .tooLarge)
    }
}
