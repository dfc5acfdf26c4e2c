import Drivers
import Testing

@Suite struct VendorMessageTests {
    @Test(arguments: [
        ("cannot clone https://u:p4ss@host/r.git: denied", "p4ss"),
        ("header Authorization: Bearer abc.def", "abc.def"),
        ("token=hunter2 was refused", "hunter2"),
        ("\"password\":\"hunter2\"", "hunter2"),
        ("password: hunter2", "hunter2"),
        ("got eyJhbGciOiJSUzI1NiIsImtpZCI6IkFBQUFBQUFBIn0.e30.sig back", "eyJ"),
        ("-----BEGIN RSA PRIVATE KEY----- MIIE", "MIIE"),
    ])
    func `secrets are left out`(_ message: String, _ secret: String) {
        #expect(!VendorMessage.text(message).contains(secret))
    }

    @Test func `messages are one bounded line`() {
        let text = VendorMessage.text(String(repeating: "a\nb\u{2028}ü ", count: 10_000))
        #expect(text.utf8.count <= VendorMessage.bytesMax)
        #expect(!text.contains("\n"))
        #expect(text.hasSuffix("…"))
    }

    @Test func `plain messages stay as they are`() {
        #expect(VendorMessage.text("0/3 nodes are ready: disk") == "0/3 nodes are ready: disk")
    }
}
