import HTTP
import TestSupport
import Testing

@testable import slipway

struct SettingsTests {
    private func settings(
        _ flags: [SettingName: String] = [:],
        _ environment: [String: String] = [:]
    ) throws -> Settings {
        try Settings(flags: flags, environment: environment, processors: 2)
    }

    @Test func `nothing given means the documented defaults`() throws {
        let settings = try settings()
        #expect(settings.listen.map(\.description) == ["127.0.0.1:8080"])
        #expect(settings.dataDirectory == "./var")
        #expect(settings.databaseURL == nil)
        #expect(settings.role == .all)
        #expect(settings.loops == 2)
        #expect(settings.seedsExample)
    }

    @Test func `a flag wins over its variable and an empty variable is not given`() throws {
        let environment = ["SLIPWAY_LISTEN": "[::1]:1", "SLIPWAY_ROLE": "", "DATABASE_URL": ""]
        #expect(try settings([:], environment).listen.map(\.description) == ["[::1]:1"])
        let several = try settings([.listen: "a:1,b:2"], environment).listen
        #expect(several.map(\.description) == ["a:1", "b:2"])
        #expect(try settings([:], environment).role == .all)
        #expect(try settings([:], environment).databaseURL == nil)
    }

    @Test func `everything wrong is told at once, by flag and variable`() {
        let flags: [SettingName: String] = [
            .role: "boss", .loops: "+5", .drainSeconds: "-1", .publicURL: "ftp://x",
            .tlsKey: "/key", .seedsExample: "yes",
        ]
        let fault = #expect(throws: SettingsFault.self) { try settings(flags) }
        let text = fault?.description ?? ""
        #expect(fault?.problems.count == 6)
        for name in ["role", "loops", "drain-seconds", "public-url", "tls-cert", "seed-example"] {
            #expect(text.contains("--\(name) ("), "\(name) is missing in: \(text)")
        }
    }

    @Test func `a database URL is never repeated in a message`() {
        var source = SettingsSource(
            flags: [.databaseURL: "postgresql://u:hidden@h/d"],
            environment: [:]
        )
        source.check(false, .databaseURL, "is wrong")
        #expect(!source.problems.joined().contains("hidden"))
    }

    @Test func `each setting has a flag and a variable of its own`() {
        let names = SettingName.allCases
        #expect(Set(names.map(\.flag)).count == names.count)
        #expect(Set(names.map(\.variable)).count == names.count)
    }
}

struct DataDirectoryTests {
    @Test func `a file is created once and keeps what it had`() throws {
        let place = TemporaryDirectory()
        let directory = try DataDirectory(creating: "\(place.path)/a/b")
        #expect(try directory.read(directory.adminToken) == nil)
        #expect(try directory.create(directory.adminToken, "first"))
        #expect(try !directory.create(directory.adminToken, "second"))
        #expect(try directory.read(directory.adminToken) == "first")
    }

    @Test func `a folder that cannot be made is told with its path`() throws {
        let fault = #expect(throws: DataDirectoryFault.self) {
            try DataDirectory(creating: "/proc/none/here")
        }
        #expect(fault?.description.contains("/proc/none") == true)
    }
}
