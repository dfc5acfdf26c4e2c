import Testing

@testable import Secrets

struct SealerTests {
    private let key = [UInt8](0..<32)

    @Test(arguments: [
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000000",
            "000000000000000000000000", "00000000000000000000000000000000", "",
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func `NIST's examples of AES-256-GCM hold`(
        _ key: String,
        _ nonce: String,
        _ plain: String,
        _ context: String,
        _ expected: String
    ) throws {
        let key = try #require(Hex.decode(key))
        let nonce = try #require(Hex.decode(nonce))
        let plain = try #require(Hex.decode(plain))
        let context = try #require(Hex.decode(context))
        let sealed = AES256GCM.encrypt(plain, key: key, nonce: nonce, context: context)
        #expect(Hex.encode(sealed) == expected)
        #expect(AES256GCM.decrypt(sealed, key: key, nonce: nonce, context: context) == plain)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1_000])
    func `what is sealed opens from its text`(_ count: Int) throws {
        let sealer = Sealer(key: key)
        let plain = SecureRandom.bytes(count)
        let text = sealer.seal(plain, context: "row/1").text
        #expect(text.hasPrefix("v1.\(sealer.keyID)."))
        let opened = try sealer.open(SealedSecret(parsing: text), context: "row/1")
        #expect(opened.revealed() == plain)
    }

    @Test func `a secret moved to another row does not open`() {
        let sealer = Sealer(key: key)
        let sealed = sealer.seal([1, 2, 3], context: "row/1")
        #expect(throws: SealFault.notAuthentic) { _ = try sealer.open(sealed, context: "row/2") }
    }

    @Test func `a secret with one bit changed does not open`() throws {
        let sealer = Sealer(key: key)
        let sealed = sealer.seal([1, 2, 3], context: "row/1")
        for place in sealed.ciphertext.indices {
            var bytes = sealed.ciphertext
            bytes[place] ^= 1
            let changed = SealedSecret(
                keyID: sealed.keyID,
                nonce: sealed.nonce,
                ciphertext: bytes
            )
            #expect(throws: SealFault.notAuthentic) {
                _ = try sealer.open(changed, context: "row/1")
            }
        }
    }

    @Test func `the same secret seals to another text each time`() {
        let sealer = Sealer(key: key)
        #expect(sealer.seal([1], context: "a") != sealer.seal([1], context: "a"))
    }

    @Test func `an older key opens what it sealed and a lost one is named`() throws {
        let old = Sealer(key: key)
        let sealed = old.seal([7], context: "a")
        let newKey = [UInt8](repeating: 9, count: 32)
        let rotated = Sealer(key: newKey, olderKeys: [key])
        #expect(try rotated.open(sealed, context: "a").revealed() == [7])
        #expect(rotated.seal([7], context: "a").keyID != sealed.keyID)
        #expect(throws: SealFault.unknownKey(id: old.keyID)) {
            _ = try Sealer(key: newKey).open(sealed, context: "a")
        }
    }

    @Test(arguments: [
        "", "v1", "v1..AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA", "v2.a.AAAAAAAAAAAAAAAA.AAAA",
        "v1.a.AAAA.AAAAAAAAAAAAAAAAAAAAAA", "v1.a.AAAAAAAAAAAAAAAA.AAAA",
        "v1.a.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.x", "v1.a.AAAAAAAAAAAAAAA*.AAAA",
    ])
    func `a text that is no sealed secret is refused`(_ text: String) {
        #expect(throws: SealFault.malformed) { try SealedSecret(parsing: text) }
    }

    @Test func `nothing that holds a secret prints it`() {
        let secret = "hunter2hunter2hunter2"
        let bytes = SecretBytes(secret)
        let token = Token.generate(.person)
        let signer = HMACSHA256(key: Array(secret.utf8))
        let sealer = Sealer(key: key)
        let sealed = sealer.seal(Array(secret.utf8), context: "a")
        let holders: [Any] = [bytes, token, signer, sealer, sealed]
        for holder in holders {
            var dumped = ""
            dump(holder, to: &dumped)
            let texts = [
                String(describing: holder), String(reflecting: holder), dumped, "\(holder)",
            ]
            for text in texts {
                #expect(!text.contains(secret))
                #expect(!text.contains(token.revealedText()))
                #expect(!text.contains(sealed.text))
            }
        }
        #expect(bytes.revealedText() == secret)
    }
}
