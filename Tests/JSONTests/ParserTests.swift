import Testing

@testable import JSON

struct ParserTests {
    @Test func `a value of each kind is read`() throws {
        let text = #" {"a":[null,true,false,-1.50e+2,"x"],"b":{}} "#
        let value = try JSON.parse(text)
        #expect(value["a"]?[0]?.isNull == true)
        #expect(value["a"]?[1]?.bool == true)
        #expect(value["a"]?[3]?.number?.text == "-1.50e+2")
        #expect(value["a"]?[3]?.int == -150)
        #expect(value["a"]?[4]?.string == "x")
        #expect(value["b"]?.object?.isEmpty == true)
    }

    @Test func `64 levels are read and 65 are refused`() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try JSON.parse(deep).array?.count == 1)
        let tooDeep = "[" + deep + "]"
        #expect(try fault(of: tooDeep).offset == 64)
        let objects = String(repeating: #"{"a":"#, count: 65)
        #expect(try fault(of: objects).reason.contains("at most 64 deep"))
    }

    @Test func `a million brackets cannot overflow the stack`() throws {
        #expect(try fault(of: String(repeating: "[", count: 1_000_000)).offset == 64)
    }

    @Test(arguments: [
        ("{\n  \"a\": 1,\n  \"a\": 2\n}", 14, 3, 3, #"the member name "a" appears twice"#),
        ("[1, 2", 5, 1, 6, "the array opened in line 1, column 1 is not closed"),
        ("[1 2]", 3, 1, 4, "a comma or the end of the array must stand here"),
        ("{\"a\" 1}", 5, 1, 6, "a colon must follow the member name"),
        ("{a: 1}", 1, 1, 2, "a member name in double quotes must stand here"),
        ("[1,]", 3, 1, 4, "a value must stand here"),
        ("01", 0, 1, 1, "a number must not start with 0"),
        ("1.", 2, 1, 3, "a digit must stand here"),
        ("+1", 0, 1, 1, "a value must stand here"),
        ("nul", 0, 1, 1, "a value must stand here; did you mean null?"),
        ("1 2", 2, 1, 3, "nothing may follow the value"),
        ("", 0, 1, 1, "the text ends where a value must stand"),
        ("\u{FEFF}1", 0, 1, 1, "a byte order mark is not allowed"),
        ("\"a\nb\"", 2, 1, 3, "a control character must be written as an escape"),
        ("\"\\x\"", 1, 1, 2, "there is no such escape"),
        ("\"\\u12\"", 1, 1, 2, "four hexadecimal digits must follow \\u"),
        ("\"\\uD800\"", 1, 1, 2, "half of a surrogate pair is not a character"),
        ("\"\\uDC00\\uD800\"", 1, 1, 2, "half of a surrogate pair is not a character"),
        ("[\"abc", 1, 1, 2, "the string is not closed"),
    ])
    func `a fault says where and why`(
        _ text: String,
        _ offset: Int,
        _ line: Int,
        _ column: Int,
        _ reason: String
    ) throws {
        let fault = try fault(of: text)
        #expect(fault.offset == offset)
        #expect(fault.line == line)
        #expect(fault.column == column)
        #expect(fault.reason == reason)
    }

    @Test(
        arguments: [
            ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0xC0, 0xAF, 0x22], 1),
            ([0x22, 0x61, 0xED, 0xA0, 0x80, 0x22], 2),
            ([0x22, 0x5C, 0x6E, 0x61, 0xE2, 0x82, 0x22], 4),
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
        ] as [([UInt8], Int)]
    )
    func `bytes that are not UTF-8 are refused where they stand`(
        _ bytes: [UInt8],
        _ offset: Int
    ) {
        let fault = #expect(throws: JSONFault.self) { try JSON.parse(bytes) }
        #expect(fault?.reason == "the text is not valid UTF-8")
        #expect(fault?.offset == offset)
    }

    @Test func `names that differ in normalisation only are two names`() throws {
        let value = try JSON.parse("{\"\u{E9}\": 1, \"e\u{301}\": 2}")
        #expect(value.object?.count == 2)
        #expect(value["\u{E9}"]?.int == 1)
        #expect(value["e\u{301}"]?.int == 2)
        #expect(JSON.string("\u{E9}") != JSON.string("e\u{301}"))
    }

    @Test func `an escaped name and the plain one are the same name`() throws {
        #expect(try fault(of: #"{"a":1,"\u0061":2}"#).offset == 7)
    }

    @Test func `escapes become the characters they name`() throws {
        let value = try JSON.parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 x""#)
        #expect(value.string == "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600} x")
    }

    @Test func `numbers beyond the limits are refused`() throws {
        #expect(try JSON.parse("1e9999").number?.text == "1e9999")
        #expect(try fault(of: "1e10000").reason == "an exponent may be at most 9999")
        #expect(try fault(of: "-1e-99999999999999999999").offset == 2)
        let digits = String(repeating: "9", count: 1_001)
        #expect(try fault(of: digits).reason == "a number may have at most 1000 digits")
    }

    @Test func `every prefix of a text is refused without a crash`() throws {
        let text = Array(#"{"a":[1.5e3,"x\u00e9\ud83d\ude00",true,null],"b":{"c":-0}}"#.utf8)
        for count in text.indices {
            #expect(throws: JSONFault.self) { try JSON.parse(Array(text[..<count])) }
        }
        _ = try JSON.parse(text)
    }

    @Test func `a text that PostgreSQL cannot store is found`() throws {
        #expect(try JSON.parse(#"{"a":["x",{"b":"y\u0000"}]}"#).placeOfNUL?.description == "/a/1/b")
        #expect(try JSON.parse(#"{"a\u0000":1}"#).placeOfNUL?.tokens == ["a\u{0}"])
        #expect(try JSON.parse(#"{"a":["x"," ",null,1]}"#).placeOfNUL == nil)
    }

    @Test func `an object of many members is found by each name`() throws {
        let members = (0..<50_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let value = try JSON.parse("{\(members)}")
        #expect(value.object?.count == 50_000)
        #expect(value["k0"]?.int == 0)
        #expect(value["k49999"]?.int == 49_999)
        #expect(value["k50000"] == nil)
        #expect(try fault(of: "{\(members),\"k777\":1}").reason.contains("k777"))
    }

    private func fault(of text: String) throws -> JSONFault {
        try #require(throws: JSONFault.self) { try JSON.parse(text) }
    }
}
