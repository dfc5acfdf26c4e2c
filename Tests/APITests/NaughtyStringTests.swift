import Domain
import HTTP
import JSON
import TestSupport
import Testing

@testable import API

extension PlatformTests {
    /// The Big List of Naughty Strings through every field that takes text.
    @Suite struct NaughtyStringTests {
        private static let strings: [String] = {
            guard let bytes = SharedData.bytes("naughty_strings.json") else { return [] }
            // What is no list of strings leaves nothing to try, and the test says so.
            return (try? JSON.parse(bytes))?.array?.compactMap(\.string) ?? []
        }()

        /// Limits that let a test send as much as it likes.
        private static var unlimited: APILimits {
            var limits = APILimits()
            limits.perToken = .none
            return limits
        }

        private func body(_ value: JSON) -> String {
            String(decoding: value.serialized(), as: UTF8.self)
        }

        /// Whether the text came back unchanged, or was refused at its own place.
        private func expect(
            _ reply: Reply,
            keeps text: String,
            at path: [String],
            _ location: SourceLocation = #_sourceLocation
        ) -> Bool {
            let pointer = "/" + path.joined(separator: "/")
            guard reply.status < 300 else {
                let isRefused = reply.status == 422 && reply.pointers.contains(pointer)
                #expect(
                    isRefused,
                    "\(text.debugDescription) \(reply.text)",
                    sourceLocation: location
                )
                return false
            }
            let kept = path.reduce(reply.json) { value, key in
                if let index = Int(key) { return value.array?[index] ?? .null }
                return value[key] ?? .null
            }
            let isSame = kept.string.map { Array($0.utf8) == Array(text.utf8) } ?? false
            #expect(isSame, "\(text.debugDescription) at \(pointer)", sourceLocation: location)
            return isSame
        }

        @Test func `a tenant's texts come back unchanged or are refused at their place`()
            async throws
        {
            guard !Self.strings.isEmpty else { return }
            try await Platform.run(limits: Self.unlimited) { platform in
                try platform.database.run(
                    "UPDATE blueprint_version SET state = 'deprecated' WHERE version = '1.1.0'"
                )
                let path = "/v1/tenants/acme"
                let places = [
                    ["spec", "displayName"], ["spec", "owners", "0"],
                    ["spec", "parameters", "text"], ["labels", "text"],
                ]
                var kept = 0
                for (index, text) in Self.strings.enumerated() {
                    let place = places[index % places.count]
                    let value: JSON =
                        switch place[1] {
                        case "displayName": ["spec": ["displayName": .string(text)]]
                        case "owners": ["spec": ["owners": [.string(text)]]]
                        case "parameters":
                            ["spec": ["version": "1.1.0", "parameters": ["text": .string(text)]]]
                        default: ["labels": ["text": .string(text)]]
                        }
                    let patch = [(HeaderName.contentType, "application/merge-patch+json")]
                    let reply = try await platform.send(.patch, path, json: body(value), patch)
                    guard expect(reply, keeps: text, at: place) else { continue }
                    let read = try await platform.send(.get, path)
                    if expect(read, keeps: text, at: place) { kept += 1 }
                }
                #expect(kept > Self.strings.count / 2)
            }
        }

        @Test func `other names and texts come back unchanged or are refused at their place`()
            async throws
        {
            try await Platform.run(limits: Self.unlimited) { platform in
                for (index, text) in Self.strings.enumerated() {
                    if index.isMultiple(of: 2) {
                        let token: JSON = [
                            "name": .string(text), "spec": ["role": "platform-viewer"],
                        ]
                        let reply = try await platform.send(
                            .post,
                            "/v1/tokens",
                            json: body(token)
                        )
                        _ = expect(reply, keeps: text, at: ["name"])
                    } else {
                        let blueprint: JSON = [
                            "name": .string("b\(index)"),
                            "spec": [
                                "displayName": .string(text), "source": ["url": "/srv/b.git"],
                            ],
                        ]
                        let reply = try await platform.send(
                            .post,
                            "/v1/blueprints",
                            json: body(blueprint)
                        )
                        _ = expect(reply, keeps: text, at: ["spec", "displayName"])
                    }
                }
            }
        }

        @Test func `in paths and queries they are answered, and never with a fault of ours`()
            async throws
        {
            try await Platform.run(limits: Self.unlimited) { platform in
                for text in Self.strings {
                    let encoded = text.utf8.map { byte in
                        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                    }.joined()
                    guard encoded.utf8.count < 8_000 else { continue }
                    for target in ["tenants/\(encoded)", "audit?actor=\(encoded)"] {
                        let reply = try await platform.send(.get, "/v1/\(target)")
                        #expect(reply.status < 500, "\(text.debugDescription) \(reply.text)")
                    }
                }
            }
        }
    }
}
