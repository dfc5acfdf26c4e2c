import TestSupport
import Testing

@testable import JSON

struct WriterTests {
    @Test func `commas stand between members and elements`() {
        var writer = JSONWriter()
        writer.object {
            $0.member("a", "x")
            $0.member("b", 2)
            $0.member("c", true)
            $0.member("none", ifPresent: nil)
            $0.key("d")
            $0.array([1, 2, 3]) { $0.int($1) }
            $0.key("e")
            $0.object { _ in }
            $0.key("f")
            $0.raw("[1]".utf8)
            $0.member("g", JSON.null)
            $0.key(named: "h\"")
            $0.double(0.5)
        }
        let expected =
            #"{"a":"x","b":2,"c":true,"d":[1,2,3],"e":{},"f":[1],"g":null,"h\"":0.5}"#
        #expect(String(decoding: writer.finish(), as: UTF8.self) == expected)
    }

    @Test func `strings are escaped where they must be and nowhere else`() {
        #expect(
            JSON.string("a\"b\\c/d\u{1}\n\u{7F}é😀\u{2028}").text
                == "\"a\\\"b\\\\c/d\\u0001\\n\u{7F}é😀\u{2028}\""
        )
    }

    @Test func `each byte below 0x80 comes back from every place in a string`() throws {
        for byte in UInt8(0)..<0x80 {
            for count in 0..<18 {
                let text =
                    String(repeating: "x", count: count)
                    + String(Character(Unicode.Scalar(byte))) + "yyyyyyyyy"
                #expect(try JSON.parse(JSON.string(text).serialized()) == .string(text))
            }
        }
    }

    @Test func `integers of every width are written in full`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.int(Int64.min)
        writer.int(Int64.max)
        writer.int(UInt64.max)
        writer.int(UInt8(0))
        writer.double(.infinity)
        writer.double(1e300)
        writer.endArray()
        #expect(
            String(decoding: writer.finish(), as: UTF8.self)
                == "[-9223372036854775808,9223372036854775807,18446744073709551615,0,null,1e+300]"
        )
    }

    @Test func `the canonical text does not depend on order`() throws {
        let one = try JSON.parse(#"{"b":{"y":1,"x":[{"q":1,"p":2}]},"a":2}"#)
        let other = try JSON.parse(#"{ "a": 2, "b": {"x":[{"p":2,"q":1}], "y": 1} }"#)
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one.canonical() == other.canonical())
        #expect(one.serialized() != other.serialized())
    }

    @Test func `numbers keep their text`() throws {
        let text = "[1.10,1E+2,-0,12345678901234567890123,0.1e-7]"
        #expect(try JSON.parse(text).text == text)
    }
}

private let naughtyStrings = SharedData.bytes("naughty_strings.json")

@Suite(.enabled(if: naughtyStrings != nil, "no ../shared/data/naughty_strings.json"))
struct NaughtyStringTests {
    @Test func `naughty strings come back byte by byte, as values and as names`() throws {
        let strings = try #require(try JSON.parse(naughtyStrings ?? []).array).compactMap(\.string)
        #expect(strings.count == 515)
        for string in strings {
            let value = try JSON.parse(JSON.string(string).serialized())
            #expect(value.string.map { Array($0.utf8) } == Array(string.utf8))
            var object = JSONObject()
            object[string] = 1
            let members = try JSON.parse(JSON.object(object).serialized()).object?.members
            #expect(members.map { $0.map { Array($0.key.utf8) } } == [Array(string.utf8)])
        }
    }
}
