import Glibc
import JSON
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Telemetry

/// Both ends of a pipe that a sink writes into.
private final class Pipe: Sendable {
    let reading: Int32
    let writing: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no pipe")
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        close(reading)
        close(writing)
    }

    private let unread = Mutex<[UInt8]>([])

    /// Waits for at least `count` whole lines; what has come of the next one stays for later.
    func lines(_ count: Int) -> [String] {
        var bytes = unread.withLock { $0 }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < count {
            let got = read(reading, &chunk, chunk.count)
            guard got > 0 else { break }
            bytes.append(contentsOf: chunk[..<got])
        }
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        unread.withLock { $0 = Array(bytes[end...]) }
        return String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }
}

struct LogTests {
    /// 2026-11-21T01:02:03.000004Z.
    private static let now: Int64 = 1_795_222_923_000_004

    private func sink(_ pipe: Pipe, _ format: LogFormat = .json, bytesMax: Int = 1 << 20) -> LogSink
    {
        LogSink(descriptor: pipe.writing, format: format, bufferBytesMax: bytesMax) { Self.now }
    }

    @Test func `a fact is one JSON line with its fields`() throws {
        let pipe = Pipe()
        let sink = sink(pipe)
        sink.write(.info, "request \"done\"\n") { line in
            line.field("method", "GET")
            line.field("bytes", UInt64.max)
            line.field("ok", true)
            line.field("took_us", Duration.milliseconds(2))
            line.field("none", ifPresent: nil)
            line.field(named: "odd \"name\"", "x\u{1}")
            ([0x61, 0xFF] as [UInt8]).withUnsafeBytes { line.field("path", bytes: $0) }
        }
        #expect(sink.stop(within: .seconds(10)))
        let expected =
            #"{"ts":"2026-11-21T01:02:03.000004Z","level":"info","msg":"request \"done\"\n","#
            + #""method":"GET","bytes":9223372036854775807,"ok":true,"took_us":2000,"#
            + #""odd \"name\"":"x\u0001","path":"a�"}"#
        let lines = pipe.lines(1)
        #expect(lines == [expected])
        #expect(try JSON.parse(lines[0])["method"] == "GET")
    }

    @Test func `a fact is one logfmt line, quoted where needed`() {
        let pipe = Pipe()
        let sink = sink(pipe, .logfmt)
        sink.write(.warning, "two words") { line in
            line.field("plain", "a/b-c")
            line.field("empty", "")
            line.field("odd", "a=b \"c\"\n")
            line.field(named: "a b", "x")
        }
        #expect(sink.stop(within: .seconds(10)))
        #expect(
            pipe.lines(1) == [
                #"ts=2026-11-21T01:02:03.000004Z level=warning msg="two words" plain=a/b-c"#
                    + #" empty="" odd="a=b \"c\"\n" a_b=x"#
            ]
        )
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (1_735_689_599_000_000, "2024-12-31T23:59:59.000000Z"),
        ] as [(Int64, String)]
    )
    func `an instant is written by RFC 3339`(_ microseconds: Int64, _ expected: String) {
        var bytes: [UInt8] = []
        bytes.appendTimestamp(microsecondsSince1970: microseconds)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func `a logger's lines have its fields, the nearest winning`() throws {
        let pipe = Pipe()
        let sink = sink(pipe)
        var logger = Logger(label: "jobs") {
            StructuredLogHandler(label: $0, sink: sink, level: .info)
        }
        logger[metadataKey: "tenant"] = "acme"
        logger[metadataKey: "job"] = "1"
        logger.debug("not written")
        logger.error("failed", metadata: ["job": "2", "level": "x", "list": ["a", "b"]])
        #expect(sink.stop(within: .seconds(10)))
        let lines = pipe.lines(1)
        #expect(lines.count == 1)
        let line = try JSON.parse(lines[0])
        #expect(line["level"] == "error")
        #expect(line["logger"] == "jobs")
        #expect(line["tenant"] == "acme")
        #expect(line["job"] == "2")
        #expect(line["field_level"] == "x")
        #expect(line["list"]?.string?.contains("a") == true)
    }

    @Test func `a redacted value shows in no form`() {
        struct Holder { let password = Redacted("hunter2") }
        var dumped = ""
        dump(Holder(), to: &dumped)
        for text in ["\(Holder())", String(reflecting: Holder()), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(Holder().password.revealed == "hunter2")
    }

    @Test func `naughty strings stay one line each and come back`() throws {
        guard let bytes = SharedData.bytes("naughty_strings.json") else { return }
        let strings = try JSON.parse(bytes).array?.compactMap(\.string) ?? []
        let pipe = Pipe()
        let sink = sink(pipe)
        for (place, string) in strings.enumerated() {
            sink.write(.info, string) { $0.field("place", place) }
        }
        // Read while the sink writes: together the lines are longer than a pipe.
        let lines = pipe.lines(strings.count)
        #expect(sink.stop(within: .seconds(10)))
        #expect(lines.count == strings.count)
        for (line, string) in zip(lines, strings) {
            #expect(
                try JSON.parse(line)["msg"].map { Array($0.serialized()) }
                    == JSON.string(string).serialized()
            )
        }
    }

    @Test func `lines of several threads never mix`() async throws {
        let pipe = Pipe()
        let sink = sink(pipe)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<100 {
                        sink.write(.info, "x") {
                            $0.field("writer", writer)
                            $0.field("number", number)
                        }
                    }
                }
            }
        }
        let lines = try pipe.lines(400).map { try JSON.parse($0) }
        #expect(lines.count == 400)
        for writer in 0..<4 {
            let own = lines.filter { $0["writer"]?.int == writer }.map { $0["number"]?.int }
            #expect(own == (0..<100).map { $0 })
        }
        #expect(sink.stop(within: .seconds(10)))
    }
}

struct StuckOutputTests {
    @Test func `a full pipe holds up no writer, and what was dropped is told later`() throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.writing, bufferBytesMax: 10_000)
        let written = 5_000
        for number in 0..<written {
            sink.write(.info, "x") { $0.field("number", number) }
        }
        let dropped = sink.droppedCount
        #expect(dropped > 0)
        // The reader comes back: what was kept arrives in order, and how much was not.
        let kept = written - Int(dropped)
        var told = 0
        var numbers: [Int] = []
        while told < Int(dropped) || numbers.count < kept {
            for line in try pipe.lines(1).map({ try JSON.parse($0) }) {
                told += line["dropped"]?.int ?? 0
                if let number = line["number"]?.int { numbers.append(number) }
            }
        }
        #expect(told == Int(dropped))
        #expect(numbers.count == kept)
        #expect(numbers == numbers.sorted())
        #expect(sink.stop(within: .seconds(10)))
    }

    @Test func `stopping does not wait for ever for an output that takes nothing`() {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.writing)
        let long = String(repeating: "x", count: 200_000)
        sink.write(.info, long)
        #expect(!sink.stop(within: .milliseconds(1)))
        sink.write(.info, "too late")
        #expect(sink.droppedCount == 1)
        #expect(pipe.lines(1).first?.count ?? 0 > 200_000)
    }

    @Test func `an output that does not block is written to the end`() {
        let pipe = Pipe()
        _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK)
        let sink = LogSink(descriptor: pipe.writing)
        for _ in 0..<2_000 { sink.write(.info, String(repeating: "y", count: 100)) }
        #expect(pipe.lines(2_000).count == 2_000)
        #expect(sink.stop(within: .seconds(10)))
    }

    @Test func `an output that is closed loses lines and nothing else`() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let sink = LogSink(descriptor: ends[1])
        for _ in 0..<100 { sink.write(.info, "x") }
        #expect(sink.stop(within: .seconds(10)))
        close(ends[1])
    }
}
