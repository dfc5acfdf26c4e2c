import Domain
import Glibc
import TestSupport
import Testing

struct JobStateTests {
    /// A file of the repository.
    private func text(of path: String) throws -> String {
        let top = #filePath.dropLast("Tests/JobsTests/JobStateTests.swift".count)
        let file = try #require(fopen("\(top)\(path)", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var byte = fgetc(file)
        while byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
            byte = fgetc(file)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private var moves: Set<[String]> {
        Set(JobState.allCases.flatMap { from in from.next.map { [from.rawValue, $0.rawValue] } })
    }

    @Test func `the documentation's table has the moves of the code`() throws {
        var table: Set<[String]> = []
        for line in try text(of: "docs/jobs.md").split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.filter { $0 != " " } }
            if JobState(rawValue: cells[0]) != nil { table.insert([cells[0], cells[1]]) }
        }
        #expect(table == moves)
    }

    @Test func `the documentation's diagram has the moves of the code`() throws {
        var diagram: Set<[String]> = []
        for line in try text(of: "docs/jobs.md").split(separator: "\n") where line.contains("-->") {
            let ends = line.split(separator: " ").filter { $0 != "-->" }.map(String.init)
            if !ends.contains("[*]") { diagram.insert(ends) }
        }
        #expect(diagram == moves)
    }

    @Test func `the database takes the moves of the code and no other`() throws {
        let database = try TestDatabase(migrations: embeddedMigrations)
        let stored = JobState.allCases.filter { !$0.isFinal }
        for from in stored {
            for to in stored where to != from {
                let move = "\(from.rawValue) → \(to.rawValue)"
                try database.run("DELETE FROM job; \(insertion(in: from))")
                let isTaken = takes("UPDATE job SET \(assignments(for: to))", database)
                #expect(isTaken == from.next.contains(to), "\(move)")
            }
        }
    }

    @Test func `finished jobs are completed or cancelled, unfinished ones neither`() throws {
        let database = try TestDatabase(migrations: embeddedMigrations)
        for state in JobState.allCases {
            let isHistory = takes(history(in: state), database)
            #expect(isHistory == state.isFinal)
            let isJob = takes(insertion(in: state), database)
            #expect(isJob != state.isFinal)
        }
    }

    private func takes(_ statement: String, _ database: TestDatabase) -> Bool {
        (try? database.run(statement)) != nil  // A refusal is the answer.
    }

    private func assignments(for state: JobState) -> String {
        let worker = state == .running ? "gen_random_uuid()" : "NULL"
        let time = state == .retryable || state == .waiting ? "now()" : "NULL"
        return "state = '\(state.rawValue)', worker = \(worker), run_at = \(time)"
    }

    private func insertion(in state: JobState) -> String {
        let worker = state == .running ? "gen_random_uuid()" : "NULL"
        let time = state == .retryable || state == .waiting ? "now()" : "NULL"
        return """
            INSERT INTO job (id, kind, subject_kind, subject_name, state, worker, run_at, reason,
                             waiting_on, waiting_since)
            VALUES (gen_random_uuid(), 'k', 'platform', 'x', '\(state.rawValue)', \(worker),
                    \(time), 'r', 'w', now())
            """
    }

    private func history(in state: JobState) -> String {
        """
        INSERT INTO job_history (id, place, kind, subject_kind, subject_name, input, state, steps,
                                 attempt, crashes, lease, revision, created_at)
        VALUES (gen_random_uuid(), 1, 'k', 'platform', 'x', '{}', '\(state.rawValue)', '[]',
                1, 0, 1, 1, now())
        """
    }
}
