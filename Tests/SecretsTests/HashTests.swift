import Testing

@testable import Secrets

struct HashTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the examples of FIPS 180 hold`(_ text: String, _ expected: String) {
        #expect(Hex.encode(SHA256.hash(text)) == expected)
        #expect(Hex.encode(SHA256.hash(Array(text.utf8))) == expected)
    }

    @Test func `a million bytes hash alike in pieces of any size`() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        let text = [UInt8](repeating: 0x61, count: 1_000_000)
        #expect(Hex.encode(SHA256.hash(text)) == expected)
        var hash = SHA256()
        var place = 0
        while place < text.count {
            let count = min(text.count - place, 7_919)
            hash.update(Array(text[place..<(place + count)]))
            place += count
        }
        #expect(Hex.encode(hash.finish()) == expected)
    }

    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), String(repeating: "dd", count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819",
            String(repeating: "cd", count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            String(repeating: "aa", count: 131),
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d20"
                + "48617368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `the examples of RFC 4231 hold`(_ key: String, _ text: String, _ expected: String) throws {
        let signer = HMACSHA256(key: try #require(Hex.decode(key)))
        let message = try #require(Hex.decode(text))
        #expect(Hex.encode(signer.sign(message)) == expected)
        #expect(signer.verify(signer.sign(message), for: message))
    }

    @Test func `GitHub's example of a signed webhook holds`() {
        let signer = HMACSHA256(key: Array("It's a Secret to Everybody".utf8))
        #expect(
            Hex.encode(signer.sign("Hello, World!"))
                == "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        )
    }

    @Test func `a signature with one bit changed, or cut, is refused`() {
        let signer = HMACSHA256(key: [1, 2, 3])
        let message = Array("message".utf8)
        let signature = signer.sign(message)
        for place in signature.indices {
            for bit in 0..<8 {
                var changed = signature
                changed[place] ^= 1 << bit
                #expect(!signer.verify(changed, for: message))
            }
        }
        #expect(!signer.verify([], for: message))
        #expect(!signer.verify(Array(signature.dropLast()), for: message))
        #expect(!signer.verify(signature + [0], for: message))
    }

    @Test func `keys for two purposes have nothing in common`() {
        let signer = HMACSHA256(key: [1, 2, 3])
        #expect(signer.subkey(for: "cursors") == signer.subkey(for: "cursors"))
        #expect(signer.subkey(for: "cursors") != signer.subkey(for: "webhooks"))
        #expect(signer.subkey(for: "cursors") != HMACSHA256(key: [1]).subkey(for: "cursors"))
    }

    @Test func `the comparison finds a difference at every place`() {
        let bytes: [UInt8] = [1, 2, 3, 4]
        #expect(ConstantTime.areEqual(bytes, bytes))
        #expect(ConstantTime.areEqual([], []))
        for place in bytes.indices {
            var other = bytes
            other[place] = 9
            #expect(!ConstantTime.areEqual(bytes, other))
        }
        #expect(!ConstantTime.areEqual(bytes, [1, 2, 3]))
    }

    @Test func `the check value of the CRC-32 catalogue holds`() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.checksum("".utf8) == 0)
    }
}
