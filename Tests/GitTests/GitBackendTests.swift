import EventLoop
import Glibc
import Synchronization
import Testing

@testable import Git

@Suite struct GitBackendTests {
    private let bench: Workbench
    private let repository: String
    private let head: ObjectID

    init() throws {
        bench = try Workbench()
        (repository, head) = try bench.blueprint()
    }

    /// Gives a body piece by piece and collects the answer.
    private func serve(
        _ service: GitExchange.Service,
        _ phase: GitExchange.Phase,
        body: [[UInt8]] = [],
        header: String? = "version=2",
        isCompressed: Bool = false,
        limits: GitLimits = GitLimits(),
        repository: String? = nil
    ) async throws -> String {
        let pieces = Mutex(body[...])
        let answer = Mutex<[UInt8]>([])
        let backend = try GitBackend(home: bench.path("home"), limits: limits)
        let exchange = GitExchange(
            service: service,
            phase: phase,
            repository: repository ?? self.repository,
            protocolHeader: header,
            caller: "acme",
            isCompressed: isCompressed,
            read: { pieces.withLock { $0.popFirst() } },
            write: { bytes in answer.withLock { $0 += bytes } }
        )
        try await bench.onLoop { try await backend.serve(try await backend.admit(exchange)) }
        return String(decoding: answer.withLock { $0 }, as: UTF8.self)
    }

    private func packet(_ text: String) -> [UInt8] {
        let digits = String(text.utf8.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - digits.count) + digits + text).utf8)
    }

    private var listing: [UInt8] {
        packet("command=ls-refs\n") + Array("0001".utf8) + packet("peel\n") + Array("0000".utf8)
    }

    @Test func `a repository that is not there is not found`() async throws {
        await #expect(throws: GitFault.notFound("the repository")) {
            try await serve(
                .uploadPack,
                .advertisement,
                repository: bench.path("absent.git")
            )
        }
    }

    @Test func `the first version's advertisement names the service and the references`()
        async throws
    {
        let answer = try await serve(.uploadPack, .advertisement, header: nil)
        #expect(answer.hasPrefix("001e# service=git-upload-pack\n0000"))
        #expect(answer.contains("\(head) HEAD"))
        #expect(answer.contains("refs/tags/v1.0.0^{}"))
    }

    @Test func `the second version's advertisement lists capabilities only`() async throws {
        let answer = try await serve(.uploadPack, .advertisement)
        #expect(answer.hasPrefix("000eversion 2\n"))
        #expect(answer.contains("ls-refs"))
        #expect(!answer.contains(head.hex))
    }

    @Test func `a push's advertisement names its service`() async throws {
        let answer = try await serve(.receivePack, .advertisement, header: nil)
        #expect(answer.hasPrefix("001f# service=git-receive-pack\n0000"))
        #expect(answer.contains("refs/heads/main"))
    }

    @Test func `a body may come in any pieces`() async throws {
        let whole = try await serve(.uploadPack, .negotiation, body: [listing])
        #expect(whole.contains("\(head) refs/heads/main"))
        let bytes = try await serve(.uploadPack, .negotiation, body: listing.map { [$0] })
        #expect(bytes == whole)
    }

    @Test func `a compressed body is the same request`() async throws {
        let whole = try await serve(.uploadPack, .negotiation, body: [listing])
        let compressed = try gzip(listing)
        #expect(
            try await serve(
                .uploadPack,
                .negotiation,
                body: compressed.map { [$0] },
                isCompressed: true
            )
                == whole
        )
    }

    @Test func `a compressed body that is broken or too large is refused`() async throws {
        await #expect(throws: GitFault.malformed("the body is not compressed with gzip")) {
            try await serve(.uploadPack, .negotiation, body: [listing], isCompressed: true)
        }
        let half = try Array(gzip(listing).dropLast(12))
        await #expect(throws: GitFault.malformed("the compressed body breaks off")) {
            try await serve(.uploadPack, .negotiation, body: [half], isCompressed: true)
        }
        var limits = GitLimits()
        limits.packBytesMax = 1 << 20
        let bomb = try gzip([UInt8](repeating: UInt8(ascii: "0"), count: 8 << 20))
        await #expect(throws: GitFault.self) {
            try await serve(
                .uploadPack,
                .negotiation,
                body: [bomb],
                isCompressed: true,
                limits: limits
            )
        }
    }

    @Test func `a repository that is not there is a fault before the first byte`() async throws {
        await #expect(throws: GitFault.self) {
            try await serve(.uploadPack, .advertisement, repository: bench.path("nothing.git"))
        }
    }

    @Test func `a header that is not Git's is left out`() async throws {
        let answer = try await serve(.uploadPack, .advertisement, header: "version=2;id\n$(id)")
        #expect(answer.hasPrefix("001e# service=git-upload-pack\n0000"))
    }

    @Test func `more references than can be listed are a fault`() async throws {
        var limits = GitLimits()
        limits.advertisementBytesMax = 100
        let fault = GitFault.tooLarge("the repository has too many branches and tags to list")
        await #expect(throws: fault) {
            try await serve(.receivePack, .advertisement, limits: limits)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what a push that breaks off leaves is gone with the next one`() async throws {
        let push = Array(
            "\(ObjectID.none) \(head) refs/heads/feature\0 report-status\n".utf8
        )
        let digits = String(push.count + 4, radix: 16)
        let start =
            Array("00\(digits)".utf8) + push + Array("0000PACK".utf8)
            + [0, 0, 0, 2, 0, 0, 0, 1]
        let pieces = Mutex([start][...])
        let objects = "\(repository)/objects"
        // With the folder in it, `git` has said what is to be removed when it is ended.
        let isUnpacking = { @Sendable in
            Disk.names(in: objects).contains {
                $0.hasPrefix("tmp_objdir") && Disk.exists("\(objects)/\($0)/pack")
            }
        }
        let backend = try GitBackend(home: bench.path("home"))
        let exchange = exchange(.receivePack, of: "acme") {
            if let piece = pieces.withLock({ $0.popFirst() }) { return piece }
            while !isUnpacking() { await Task.yield() }
            throw GitFault.remote("gone")
        }
        await #expect(throws: GitFault.remote("the client stopped sending")) {
            try await bench.onLoop { try await backend.serve(try await backend.admit(exchange)) }
        }
        let next = self.exchange(.receivePack, of: "acme") { nil }
        try await bench.onLoop { try await backend.serve(try await backend.admit(next)) }
        #expect(!isUnpacking())
    }

    @Test func `a client that goes away takes its child along`() async throws {
        let backend = try GitBackend(home: bench.path("home"), childrenMax: 1)
        let exchange = exchange(.receivePack, of: "acme") { throw GitFault.remote("gone") }
        for _ in 0..<3 {
            await #expect(throws: GitFault.remote("the client stopped sending")) {
                try await bench.onLoop {
                    try await backend.serve(try await backend.admit(exchange))
                }
            }
        }
    }

    @Test func `a question that does not end holds no child`() async throws {
        let backend = try GitBackend(home: bench.path("home"), childrenMax: 1)
        let drip = Drip()
        let dripping = exchange(.uploadPack, of: "acme") { try await drip.next() }
        let slow = Task(executorPreference: bench.group.loops[0]) {
            try await backend.admit(dripping)
        }
        await drip.isAsked()
        let mine = exchange(.uploadPack, of: "acme") { nil }
        try await bench.onLoop { _ = try await backend.admit(mine) }
        drip.end()
        _ = try await slow.value
    }

    @Test func `one caller's places leave room for the others`() async throws {
        let backend = try GitBackend(
            home: bench.path("home"),
            childrenMax: 8,
            patience: .milliseconds(20)
        )
        let acme = exchange(.receivePack, of: "acme") { nil }
        let globex = exchange(.receivePack, of: "globex") { nil }
        try await bench.onLoop {
            var held = [try await backend.admit(acme), try await backend.admit(acme)]
            await #expect(throws: GitFault.busy) { try await backend.admit(acme) }
            _ = try await backend.admit(globex)
            held.removeLast()
            held.append(try await backend.admit(acme))
            await #expect(throws: GitFault.busy) { try await backend.admit(acme) }
        }
    }

    @Test func `a question without end is refused`() async throws {
        let backend = try GitBackend(home: bench.path("home"))
        let endless = exchange(.uploadPack, of: "acme") {
            [UInt8](repeating: UInt8(ascii: "0"), count: 64 << 10)
        }
        await #expect(throws: GitFault.tooLarge("the question has more than 2097152 bytes")) {
            try await bench.onLoop { _ = try await backend.admit(endless) }
        }
    }

    private func exchange(
        _ service: GitExchange.Service,
        of caller: String,
        read: @escaping @Sendable () async throws -> [UInt8]?
    ) -> GitExchange {
        GitExchange(
            service: service,
            phase: .negotiation,
            repository: repository,
            protocolHeader: "version=2",
            caller: caller,
            isCompressed: false,
            read: read,
            write: { _ in }
        )
    }

    /// A body that does not come until it is ended.
    private final class Drip: Sendable {
        private let (asked, asking) = AsyncStream<Void>.makeStream()
        private let (pieces, giving) = AsyncStream<[UInt8]>.makeStream()

        func next() async throws -> [UInt8]? {
            asking.yield()
            var iterator = pieces.makeAsyncIterator()
            return await iterator.next()
        }

        func isAsked() async {
            var iterator = asked.makeAsyncIterator()
            await iterator.next()
        }

        func end() { giving.finish() }
    }

    private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let path = bench.path("plain")
        let stream = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
        bench.shell("gzip -kf plain")
        let packed = try #require(fopen("\(path).gz", "r"))
        defer { fclose(packed) }
        var buffer = [UInt8](repeating: 0, count: bytes.count + 1_024)
        let count = fread(&buffer, 1, buffer.count, packed)
        return Array(buffer[..<count])
    }
}

extension ObjectID {
    /// Stands for a reference that does not exist.
    fileprivate static let none = String(repeating: "0", count: 40)
}
