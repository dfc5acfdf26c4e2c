import Testing

@testable import Postgres

@Suite struct PureValueTests {
    @Test func `a queue gives what it was given, in order`() {
        var dice = Dice(seed: 1)
        var queue = Fifo<Int>()
        var model: [Int] = []
        for number in 0..<5_000 {
            switch Int.random(in: 0..<8, using: &dice) {
            case 0..<4:
                queue.append(number)
                model.append(number)
            case 4 where !model.isEmpty:
                queue.prepend(contentsOf: [number, -number])
                model = [number, -number] + model
            case 5 where Int.random(in: 0..<100, using: &dice) == 0:
                #expect(queue.removeAll() == model)
                model = []
            default:
                guard !model.isEmpty else { continue }
                #expect(queue.removeFirst() == model.removeFirst())
            }
            #expect(queue.count == model.count && queue.first == model.first)
            #expect(queue.last == model.last)
        }
    }

    @Test func `the statement unused for longest makes room`() {
        var cache = StatementCache(limit: 2)
        #expect(cache.lookUp("a") == .init(name: "s1", isNew: true, evicted: nil))
        #expect(cache.lookUp("b") == .init(name: "s2", isNew: true, evicted: nil))
        #expect(cache.lookUp("a") == .init(name: "s1", isNew: false, evicted: nil))
        #expect(cache.lookUp("c") == .init(name: "s3", isNew: true, evicted: "s2"))
        #expect(cache.lookUp("a").isNew == false)
        cache.forget("a")
        #expect(cache.lookUp("a") == .init(name: "s4", isNew: true, evicted: nil))
        #expect(cache.count == 2)
    }

    @Test func `one text with other types is another statement`() {
        var cache = StatementCache(limit: 8)
        #expect(cache.lookUp("SELECT \(1)").isNew)
        #expect(cache.lookUp("SELECT \("1")").isNew)
        #expect(!cache.lookUp("SELECT \(2)").isNew)
        let none: Int? = nil
        #expect(!cache.lookUp("SELECT \(none)").isNew)
    }

    @Test func `waits grow to their limit and never go below half`() {
        var dice = Dice(seed: 7)
        var backoff = Backoff(first: .milliseconds(50), limit: .seconds(2))
        var full = Duration.milliseconds(50)
        for _ in 0..<40 {
            let wait = backoff.failed(using: &dice)
            #expect(wait >= full / 2 && wait <= full)
            full = min(full * 2, .seconds(2))
        }
        backoff.succeeded()
        #expect(backoff.failed(using: &dice) <= .milliseconds(50))
    }

    @Test func `placeholders past nine are numbered anew`() {
        let many = SQL.joined((1...12).map { "\($0)" }, by: ", ")
        let query: SQL = "SELECT \(0), \(many) -- \(13)"
        #expect(
            query.text
                == "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 -- $14"
        )
        #expect(query.parameters.count == 14)
        let twice: SQL = "(\(query)) UNION (\(query))"
        #expect(twice.text.hasSuffix("$26, $27 -- $28)"))
    }

    @Test func `a statement never shows its values`() {
        let query: SQL = "SELECT \("secret")"
        #expect("\(query)" == "SELECT $1")
    }

    @Test(arguments: [
        "postgresql://alice:hunter2@db.example:6000/app?sslmode=require",
        "host=db.example port=6000 user=alice password=hunter2 dbname=app",
    ])
    func `a connection string is read and never shows its password`(text: String) throws {
        let connection = try ConnectionString(parsing: text)
        #expect(connection["password"] == "hunter2")
        #expect("\(connection)" == "host=db.example port=6000 dbname=app user=alice")
    }

    @Test func `a connection string that makes no sense is refused with a reason`() {
        #expect(throws: ConnectionStringFault.self) {
            try ConnectionString(parsing: "postgresql://[::1")
        }
        #expect(throws: ConnectionStringFault.self) { try ConnectionString(parsing: "colour=red") }
    }

    @Test(arguments: [
        "mysql://u:hunter2@h/d", "postgresql://u:hunter2@[::1/d", "postgresql://u:hunter2%zz@h/d",
        "password=hunter2 colour", "host=h password='hunter2",
    ])
    func `a connection string that makes no sense is not repeated`(text: String) {
        do {
            _ = try ConnectionString(parsing: text)
            Issue.record("\(text) was taken")
        } catch {
            #expect(!"\(error)".contains("hunter2"))
        }
    }

    @Test(arguments: [
        ("/run/postgresql", false), ("@abstract", false), ("", false), ("127.0.0.1", false),
        ("::1", false), ("db.example", true), ("localhost", true), ("127.0.0.1.example", true),
    ])
    func `only names are looked up`(host: String, isName: Bool) {
        #expect(Connector.isName(host) == isName)
    }

    @Test func `channels are quoted`() {
        #expect(Listener.quoted("jobs") == "\"jobs\"")
        #expect(Listener.quoted("a\"b") == "\"a\"\"b\"")
    }

    @Test func `a full disk is told as one`() {
        let refusal = Refusal(
            sqlState: "53100",
            message: "could not extend file",
            constraint: "",
            column: "",
            isFatal: false
        )
        #expect(refusal.fault == .diskFull)
        let words = "PANIC: could not write: No space left on device"
        for fault in [
            EmbeddedServerFault.initialisation(SystemFailure(words, reason: 0).description),
            .didNotStart(log: words, path: "/x/postgres.log"),
        ] {
            #expect(fault.description.contains("No space is left on the disk"))
            #expect(!fault.description.contains("Success"))
        }
        #expect(!EmbeddedServerFault.initialisation("other").description.contains("space"))
    }
}
