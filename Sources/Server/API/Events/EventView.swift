import Domain
import JSON
import Storage

/// How the API shows an event: a CloudEvent 1.0 in structured JSON.
enum EventView {
    static func write(_ writer: inout JSONWriter, _ positioned: PositionedEvent) {
        positioned.event.write(to: &writer, position: positioned.position)
    }

    /// The event as a message of a stream.
    static func message(_ positioned: PositionedEvent) -> ServerSentEvent {
        var writer = JSONWriter(reserving: 512)
        write(&writer, positioned)
        return ServerSentEvent(
            id: String(positioned.position),
            type: positioned.event.type.description,
            data: writer.finish()
        )
    }
}
