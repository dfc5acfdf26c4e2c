import Contract
import Domain
import HTTP
import JSON
import Storage
import Synchronization
import Testing

@testable import API
@testable import HTTP

extension PlatformTests {
    /// The event log, followed.
    @Suite struct EventStreamTests {
        /// A reader that leaves once it has seen some events.
        private final class Reader: BodySink {
            private let bytes = Mutex<[UInt8]>([])
            private let wanted: Int

            init(leavingAfter wanted: Int) {
                self.wanted = wanted
            }

            /// The positions of the events that came.
            var positions: [Int] {
                let text = bytes.withLock { String(decoding: $0, as: UTF8.self) }
                return text.split(separator: "\n").compactMap { line in
                    line.hasPrefix("id: ") ? Int(line.dropFirst(4)) : nil
                }
            }

            func write(_ bytes: UnsafeRawBufferPointer, of serial: UInt64) {
                self.bytes.withLock { $0.append(contentsOf: bytes) }
            }

            func room(of serial: UInt64) async throws(StreamFault) {
                if positions.count >= wanted { throw .disconnected }
            }

            func flush(of serial: UInt64) async throws(StreamFault) {}
        }

        /// Reads the stream behind `last` until `count` events have come.
        private func follow(
            _ platform: Platform,
            behind last: Int?,
            count: Int
        ) async throws -> [Int] {
            var fields = [(HeaderName.accept, "text/event-stream")]
            if let last { fields.append((.lastEventID, String(last))) }
            fields.append((.authorization, "Bearer \(platform.tokens[.admin] ?? "")"))
            let request = try Request(.get, "/v1/events?limit=1", headers: fields)
            let reader = Reader(leavingAfter: count)
            return try await platform.onLoop {
                let response = await platform.handler.respond(to: request)
                guard case .stream(_, let write) = response.body else { return [] }
                await #expect(throws: StreamFault.self) {
                    try await write(BodyWriter(sink: reader, serial: 0))
                }
                return reader.positions
            }
        }

        private func makeTenant(_ name: String, _ platform: Platform) async throws {
            let body = #"{"name":"\#(name)","spec":{"blueprint":"platform"}}"#
            let reply = try await platform.send(.post, "/v1/tenants", json: body)
            #expect(reply.status == 202)
            try await platform.placeEvents()
        }

        @Test func `a stream goes on behind the last event that was seen, without a gap`()
            async throws
        {
            try await Platform.run { platform in
                try await platform.placeEvents()
                let first = try await follow(platform, behind: nil, count: 2)
                #expect(first == [1, 2])
                try await makeTenant("initech", platform)
                let known = try await platform.storage.events.lastPosition()
                let wanted = Int(known) + 1 - 2
                async let rest = follow(platform, behind: first.last, count: wanted)
                try await makeTenant("hooli", platform)
                let seen = try await rest
                #expect(first + seen == Array(1...(Int(known) + 1)))
            }
        }

        @Test func `a position that was never given out is gone`() async throws {
            try await Platform.run { platform in
                try await platform.placeEvents()
                let known = try await platform.storage.events.lastPosition()
                let reply = try await platform.send(.get, "/v1/events?after=\(known + 1)")
                #expect(reply.status == 410)
                #expect(reply.code == "position-gone")
                #expect(reply.text.contains("after \(known)"), "\(reply.text)")
            }
        }

        @Test(arguments: ["completed", "stalled"])
        func `the log of a job that is over ends with an event`(phase: String) async throws {
            try await Platform.run { platform in
                let done = phase == "completed"
                let step = NamedStep("first") { context in
                    context.log.info("looked around")
                    return done ? .done : .stalled(reason: "no such path")
                }
                try await platform.working([Workflow(.tenantProvision, steps: [step])]) {
                    let body = #"{"name":"initech","spec":{"blueprint":"platform"}}"#
                    let made = try await platform.send(.post, "/v1/tenants", json: body)
                    let job = try #require(made.headers[.location])
                    _ = try await platform.send(.get, job, [(.prefer, "wait=30")])
                    let log = try await platform.send(
                        .get,
                        "\(job)/log",
                        [(.accept, "text/event-stream")]
                    )
                    #expect(log.text.contains("looked around"), "\(log.text)")
                    #expect(log.text.hasSuffix("event: end\ndata: {\"phase\":\"\(phase)\"}\n\n"))
                }
            }
        }

        @Test func `a long poll is answered by the next event`() async throws {
            try await Platform.run { platform in
                try await platform.placeEvents()
                let known = try await platform.storage.events.lastPosition()
                async let held = platform.send(.get, "/v1/events?after=\(known)&wait=30")
                try await makeTenant("initech", platform)
                let reply = try await held
                #expect(reply.status == 200)
                let items = try #require(reply.json["items"]?.array)
                #expect(items.count == 1)
                #expect(reply.json["next"]?.string == String(known + 1))
            }
        }
    }
}
