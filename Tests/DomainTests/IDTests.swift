import Testing

@testable import Domain

struct IDTests {
    private let moment = Instant(microseconds: 1_795_222_800_123_456)

    @Test func `a new id is a UUID of version 7 with the time in front`() throws {
        var random = SystemRandomNumberGenerator()
        let id = TenantID(at: moment, using: &random)
        let text = id.description
        #expect(text.utf8.count == 36)
        #expect(id.high >> 16 == UInt64(moment.microseconds / 1000))
        #expect(text.dropFirst(14).first == "7")
        #expect("89ab".contains(try #require(text.dropFirst(19).first)))
    }

    @Test func `ids of later milliseconds sort later, as text too`() {
        var random = SystemRandomNumberGenerator()
        let ids = (0..<200).map { step in
            JobID(at: moment.advanced(by: .milliseconds(step)), using: &random)
        }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
    }

    @Test func `ten thousand ids of one moment differ`() {
        var random = SystemRandomNumberGenerator()
        let ids = Set((0..<10_000).map { _ in EventID(at: moment, using: &random) })
        #expect(ids.count == 10_000)
    }

    @Test func `the text form reads back, whatever its case`() throws {
        let text = "0197f6f4-5c1e-7d6a-9c57-0c9f5cf4a001"
        let id = try JobID(parsing: text)
        #expect(id.description == text)
        #expect(try JobID(parsing: text.uppercased()) == id)
        #expect(id.high == 0x0197_f6f4_5c1e_7d6a)
        #expect(id.low == 0x9c57_0c9f_5cf4_a001)
    }

    @Test(arguments: [
        "", "0197f6f4", "0197f6f45c1e7d6a9c570c9f5cf4a001", "0197f6f4-5c1e-7d6a-9c57-0c9f5cf4a00",
        "0197f6f4-5c1e-7d6a-9c57-0c9f5cf4a0011", "0197f6f4-5c1e-7d6a-9c570-c9f5cf4a001",
        "g197f6f4-5c1e-7d6a-9c57-0c9f5cf4a001", "{0197f6f4-5c1e-7d6a-9c57-0c9f5cf4a001}",
        "+197f6f4-5c1e-7d6a-9c57-0c9f5cf4a001", "٠197f6f4-5c1e-7d6a-9c57-0c9f5cf4a0",
    ])
    func `anything else is no id`(text: String) {
        #expect(throws: IDFault()) { try JobID(parsing: text) }
    }
}
