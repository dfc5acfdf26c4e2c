import EventLoop
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct DatabaseTests {
    @Test func `values come back as they went`() async throws {
        try await TestBench.run { bench async throws in
            let id = UUIDBytes(high: 0x0192_0000_0000_7000, low: 0x8000_0000_0000_0001)
            let at = Instant(microseconds: 1_700_000_000_123_456)
            let bytes: [UInt8] = [0, 1, 255, 0]
            let none: String? = nil
            let rows = try await bench.database.read(
                """
                SELECT \(Int64.min), \(-1)::int, \(Int16(7)), \(true), \("grün 🌱")::text,
                    \(bytes), \(id), \(at), \(1.5), \(none)::text,
                    \(#"{"a": [1]}"#)::jsonb, \(JSONText(Array("[1,2]".utf8))), \("")::text
                """
            )
            var row = try #require(rows.first)
            #expect(try row.next(Int64.self) == .min)
            #expect(try row.next(Int.self) == -1)
            #expect(try row.next(Int16.self) == 7)
            #expect(try row.next(Bool.self))
            #expect(try row.next(String.self) == "grün 🌱")
            #expect(try row.next([UInt8].self) == bytes)
            #expect(try row.next(UUIDBytes.self) == id)
            #expect(try row.next(Instant.self) == at)
            #expect(try row.next(Double.self) == 1.5)
            #expect(try row.next(String?.self) == nil)
            #expect(try row.next(String.self) == #"{"a": [1]}"#)
            #expect(try row.next(JSONText.self).bytes == Array("[1, 2]".utf8))
            #expect(try row.next(String.self) == "")
        }
    }

    @Test func `times agree with the server's clock`() async throws {
        try await TestBench.run { bench async throws in
            let rows = try await bench.database.read(
                "SELECT timestamptz '1970-01-01 00:00:01.000002Z', timestamptz 'infinity'"
            )
            #expect(try rows[0].decode(0, as: Instant.self).microseconds == 1_000_002)
            #expect(try rows[0].decode(1, as: Instant.self).microseconds == .max)
        }
    }

    @Test func `arrays come back as they went`() async throws {
        try await TestBench.run { bench async throws in
            let words: [String?] = ["a", nil, "", "ü"]
            let ids = [UUIDBytes(high: 1, low: 2)]
            let blobs: [[UInt8]] = [[1, 2], []]
            let none: [Int] = []
            let rows = try await bench.database.read(
                """
                SELECT \(words), \([1, 2, 3]), \([Int32(4)]), \(ids), \(blobs), \(none),
                    \([true, false]), 2 = ANY(\([1, 2]))
                """
            )
            var row = rows[0]
            #expect(try row.next([String?].self) == words)
            #expect(try row.next([Int].self) == [1, 2, 3])
            #expect(try row.next([Int32].self) == [4])
            #expect(try row.next([UUIDBytes].self) == ids)
            #expect(try row.next([[UInt8]].self) == blobs)
            #expect(try row.next([Int].self) == [])
            #expect(try row.next([Bool].self) == [true, false])
            #expect(try row.next(Bool.self))
        }
    }

    @Test func `a value that does not fit its type is a fault that names the column`() async throws
    {
        try await TestBench.run { bench async throws in
            let rows = try await bench.database.read("SELECT 1, NULL::text, 99999999999")
            #expect(throws: DatabaseFault.self) { try rows[0].decode(0, as: String.self) }
            #expect(
                throws: DatabaseFault.decoding(
                    column: 1,
                    reason: "NULL where text was expected"
                )
            ) { try rows[0].decode(1, as: String.self) }
            #expect(throws: DatabaseFault.self) { try rows[0].decode(2, as: Int32.self) }
            #expect(throws: DatabaseFault.self) { try rows[0].decode(3, as: Int.self) }
        }
    }

    @Test func `a text with a NUL is refused and never cut off`() async throws {
        try await TestBench.run { bench async throws in
            let found = await bench.fault {
                _ = try await bench.database.read("SELECT \("a\0b")::text")
            }
            guard case .statement("22021", _) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
        }
    }

    @Test func `fragments compose and keep their values`() async throws {
        try await TestBench.run { bench async throws in
            let inner: SQL = "\(2) * \(3)"
            var query: SQL = "SELECT \(1) + (\(inner)), '$1', \("x")::text"
            query += ", \(7)"
            query += SQL.joined([", \(8)", ", \(9)"], by: "")
            #expect(
                query.text
                    == "SELECT $1 + ($2 * $3), '$1', $4::text, $5, $6, $7"
            )
            let row = try await bench.database.read(query)[0]
            #expect(try row.decode(0, as: Int.self) == 7)
            #expect(try row.decode(1, as: String.self) == "$1")
            #expect(try row.decode(2, as: String.self) == "x")
            #expect(try row.decode(5, as: Int.self) == 9)
        }
    }

    @Test func `a statement runs with other types after it ran with these`() async throws {
        try await TestBench.run { bench async throws in
            func text(_ value: some Bindable) async throws -> String {
                try await bench.database.read("SELECT \(value)::text")[0].decode(0)
            }
            let texts = (try await text(5), try await text("five"), try await text(true))
            #expect(texts == ("5", "five", "true"))
        }
    }

    @Test func `refusals are told by what the caller can do`() async throws {
        try await TestBench.run { bench async throws in
            try bench.target.run(
                """
                CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL,
                    CONSTRAINT name_is_short CHECK (length(name) < 5));
                CREATE TABLE child (parent int CONSTRAINT child_has_parent REFERENCES parent);
                INSERT INTO parent VALUES (1, 'a');
                """
            )
            func fault(_ sql: SQL) async -> DatabaseFault? {
                await bench.fault { try await bench.database.write(sql) }
            }
            #expect(
                await fault("INSERT INTO parent VALUES (1, 'b')")
                    == .unique(constraint: "parent_pkey")
            )
            #expect(
                await fault("INSERT INTO child VALUES (2)")
                    == .foreignKey(constraint: "child_has_parent")
            )
            #expect(
                await fault("INSERT INTO parent VALUES (2, 'too long')")
                    == .check(constraint: "name_is_short")
            )
            #expect(
                await fault("INSERT INTO parent VALUES (2, NULL)") == .check(constraint: "name")
            )
            guard case .statement("42601", _) = await fault("SELEKT") else {
                Issue.record("no syntax error")
                return
            }
        }
    }

    @Test func `a write tells how many rows it touched`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id bigint)")
            let rows = try await bench.database.write(
                "INSERT INTO t SELECT * FROM unnest(\([1, 2, 3])) RETURNING id"
            )
            #expect(rows.affected == 3)
            #expect(try rows.map { try $0.decode(0, as: Int.self) } == [1, 2, 3])
            #expect(try await bench.database.write("DELETE FROM t WHERE id = 9").affected == 0)
        }
    }

    @Test func `statements written together happen together or not at all`() async throws {
        try await TestBench.run { bench async throws in
            try await bench.database.write("CREATE TABLE t (id bigint PRIMARY KEY)")
            let found = await bench.fault {
                try await bench.database.write(all: [
                    "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(2))",
                    "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(3))",
                ])
            }
            #expect(found == .unique(constraint: "t_pkey"))
            let rows = try await bench.database.write(all: [
                "INSERT INTO t VALUES (\(7))", "SELECT count(*) FROM t",
            ])
            #expect(try rows[1][0].decode(0, as: Int.self) == 1)
        }
    }

    @Test func `a commit that fails is a fault although its statement succeeded`() async throws {
        try await TestBench.run { bench async throws in
            try bench.target.run(
                """
                CREATE TABLE t (id int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO t VALUES (1);
                """
            )
            let found = await bench.fault {
                try await bench.database.write("INSERT INTO t VALUES (1)")
            }
            #expect(found == .unique(constraint: "once"))
            #expect(try await bench.database.write("INSERT INTO t VALUES (2)").affected == 1)
        }
    }

    @Test func `an error in a shared batch reaches only its own caller`() async throws {
        try await TestBench.run { bench async throws in
            let answers = await withTaskGroup(of: (Int, Result<Int, DatabaseFault>).self) { group in
                for number in 0..<60 {
                    group.addTask(executorPreference: bench.group.loops[0]) {
                        do throws(DatabaseFault) {
                            let divisor = number % 7 == 3 ? 0 : 1
                            let rows = try await bench.database.read(
                                "SELECT \(number) / \(divisor)"
                            )
                            return (number, .success(try rows[0].decode(0)))
                        } catch {
                            return (number, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for number in 0..<60 {
                switch answers[number] {
                case .success(let value): #expect(value == number && number % 7 != 3)
                case .failure(.statement("22012", _)): #expect(number % 7 == 3)
                default: Issue.record("\(number): \(String(describing: answers[number]))")
                }
            }
        }
    }

    @Test func `reads that follow a change of the table are prepared anew`() async throws {
        try await TestBench.run { bench async throws in
            try bench.target.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
            let query: SQL = "SELECT * FROM t"
            #expect(try await bench.database.read(query)[0].columnCount == 1)
            #expect(try await bench.database.write(query)[0].columnCount == 1)
            try bench.target.run("ALTER TABLE t ADD b text DEFAULT 'x'")
            #expect(try await bench.database.read(query)[0].columnCount == 2)
            #expect(try await bench.database.write(query)[0].columnCount == 2)
            try bench.target.run("ALTER TABLE t ADD c text")
            let columns = try await bench.database.transaction { transaction in
                try await transaction.execute(query)[0].columnCount
            }
            #expect(columns == 3)
        }
    }

    @Test func `more statements than a session keeps still run`() async throws {
        var options = DatabaseOptions()
        options.statementsPreparedMax = 3
        try await TestBench.run(options) { bench async throws in
            for round in 0..<3 {
                for number in 0..<8 {
                    let rows = try await bench.database.read(
                        "SELECT \(number) AS \(unsafeSQL: "c\(number)")"
                    )
                    #expect(try rows[0].decode(0, as: Int.self) == number, "round \(round)")
                }
            }
            let rows = try await bench.database.read("SELECT count(*) FROM pg_prepared_statements")
            #expect(try rows[0].decode(0, as: Int.self) <= 4)
        }
    }

    @Test func `calls from outside the loops are answered`() async throws {
        try await TestBench.run(loops: 2) { bench async throws in
            let sum = try await Task.detached {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 1...100 {
                        group.addTask {
                            try await bench.database.read("SELECT \(number)")[0].decode(0)
                        }
                    }
                    return try await group.reduce(0, +)
                }
            }.value
            #expect(sum == 5_050)
        }
    }

    @Test func `a cancelled caller leaves the pipeline in order`() async throws {
        try await TestBench.run { bench async throws in
            let tasks = (0..<20).map { number in
                Task(executorPreference: bench.group.loops[0]) {
                    try await bench.database.read("SELECT \(number), pg_sleep(0.001)")
                }
            }
            for task in tasks { task.cancel() }
            #expect(try await bench.database.read("SELECT \(99)")[0].decode(0) == 99)
            for (number, task) in tasks.enumerated() {
                #expect(try await task.value[0].decode(0) == number)
            }
        }
    }

    @Test func `a statement that runs too long is ended`() async throws {
        var options = DatabaseOptions()
        options.statementTimeout = .seconds(1)
        try await TestBench.run(options) { bench async throws in
            let found = await bench.fault {
                _ = try await bench.database.read("SELECT pg_sleep(600)")
            }
            #expect(found == .timeout)
            #expect(try await bench.database.read("SELECT 1").count == 1)
        }
    }

    @Test func `a lock held for too long is a fault to come back for`() async throws {
        var options = DatabaseOptions()
        options.lockTimeout = .milliseconds(500)
        try await TestBench.run(options) { bench async throws in
            try await bench.database.write("CREATE TABLE t (id int)")
            try await bench.database.transaction { transaction in
                try await transaction.execute("LOCK TABLE t")
                let found = await bench.fault {
                    try await bench.database.write("INSERT INTO t VALUES (1)")
                }
                #expect(found == .overloaded(retryAfter: .seconds(1)))
            }
        }
    }

    @Test func `a large answer arrives whole beside small ones`() async throws {
        try await TestBench.run { bench async throws in
            async let large = bench.database.read("SELECT repeat('x', 3000000)")
            async let small = bench.database.read("SELECT 1")
            #expect(try await large[0].decode(0, as: String.self).utf8.count == 3_000_000)
            #expect(try await small[0].decode(0) == 1)
        }
    }

    @Test func `large values are sent whole`() async throws {
        try await TestBench.run { bench async throws in
            let bytes = [UInt8](repeating: 7, count: 5_000_000)
            let rows = try await bench.database.write("SELECT length(\(bytes))")
            #expect(try rows[0].decode(0, as: Int.self) == bytes.count)
        }
    }
}
