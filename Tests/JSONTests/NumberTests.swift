import Testing

@testable import JSON

struct NumberTests {
    @Test(arguments: [
        ("1", "1.0"), ("1e3", "1000"), ("0", "-0.0e5"), ("0.10", "1e-1"),
        ("123456789012345678901234567890", "1.23456789012345678901234567890e29"),
    ])
    func `one value in two spellings is equal and hashes alike`(
        _ one: String,
        _ other: String
    )
        throws
    {
        let left = try #require(try JSON.parse(one).number)
        let right = try #require(try JSON.parse(other).number)
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(!(left < right) && !(right < left))
    }

    @Test func `numbers are ordered by their exact value`() throws {
        let ordered = [
            "-1e400", "-10", "-9.5", "-0.001", "0", "1e-400", "0.5", "9", "10", "10.5", "1e2",
            "9007199254740992", "9007199254740993", "1e400",
        ]
        let numbers = try ordered.map { try #require(try JSON.parse($0).number) }
        for (place, number) in numbers.enumerated() {
            for later in numbers[(place + 1)...] {
                #expect(number < later)
                #expect(!(later < number))
            }
        }
    }

    @Test(
        arguments: [
            ("5", 5), ("-9223372036854775808", Int.min), ("9223372036854775807", Int.max),
            ("9223372036854775808", nil), ("1.50e1", 15), ("1.5", nil), ("1e400", nil), ("-0", 0),
        ] as [(String, Int?)]
    )
    func `an integer is a whole number within 64 bits`(_ text: String, _ expected: Int?) throws {
        #expect(try JSON.parse(text).int == expected)
    }

    @Test(arguments: [
        ("0.0075", "0.0001", true), ("0.00751", "0.0001", false), ("1e308", "0.5", true),
        ("1e308", "0.123456789", false), ("12391239123", "1e-8", true), ("0", "7", true),
        ("-21", "7", true), ("22", "7", false), ("1e9999", "999999999999999999", false),
    ])
    func `multiples are exact`(_ text: String, _ divisor: String, _ expected: Bool) {
        #expect(Decimal(text).isMultiple(of: Decimal(divisor)) == expected)
    }
}
