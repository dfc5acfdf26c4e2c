import Testing

@testable import Secrets

struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648 hold`(_ text: String, _ expected: String) {
        let bytes = Array(text.utf8)
        let padding = String(repeating: "=", count: (4 - expected.count % 4) % 4)
        #expect(Base64URL.encode(bytes) == expected)
        #expect(Base64.encode(bytes) == expected + padding)
        #expect(Base64URL.decode(expected) == bytes)
        #expect(Base64.decode(expected + padding) == bytes)
    }

    @Test(arguments: ["Zg==", "Z", "Zh", "Zm9", "Zm 8", "Zm8\n", "+/+/", "é"])
    func `a text that is not base64url is refused`(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: ["Zg", "Zg=", "Z===", "====", "Zh==", "-_-_", "Zg==Zg==", "Zm8 "])
    func `a text that is not base64 is refused`(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `bytes of every value and length come back`() {
        for count in 0..<70 {
            let bytes = SecureRandom.bytes(count)
            #expect(bytes.count == count)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
        #expect(Hex.encode(Array(0...255)).hasSuffix("fdfeff"))
        #expect(Hex.decode("0AfF") == [0x0A, 0xFF])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0g") == nil)
    }
}
