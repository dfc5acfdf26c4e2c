import Domain
import JSON
import Storage

/// How the API shows an event: a CloudEvent 1.0 in structured JSON.
enum EventView {
    static func write(_ writer: inout JSONWriter, _ positioned: PositionedEvent) {
        let event = positioned.event
        writer.object { writer in
            writer.member("specversion", Event.specVersion)
            writer.member("id", event.id.description)
            writer.member("source", event.subject.path)
            writer.member("type", event.type.description)
            writer.member("subject", event.subject.name)
            writer.member("time", event.at.description)
            writer.member("datacontenttype", MediaType.json.essence)
            writer.member("sequence", String(positioned.position))
            writer.member("tenant", ifPresent: event.tenant?.description)
            writer.key("data")
            writer.raw(event.data)
        }
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

extension ObjectReference {
    /// The address of the thing in this API, the `source` of its events.
    var path: String {
        switch kind {
        case .blueprintVersion:
            let parts = name.split(separator: "/", maxSplits: 1)
            return "/v1/blueprints/\(parts.joined(separator: "/versions/"))"
        case .token: return "/v1/tokens/\(id?.description ?? name)"
        case .platform: return "/v1"
        case .repository: return "/v1/tenants/\(name)/repository"
        case .cluster, .environment:
            let parts = name.split(separator: "/", maxSplits: 1)
            return "/v1/tenants/\(parts.joined(separator: "/\(kind.collection)/"))"
        case .tenant, .blueprint, .job, .managementCluster, .clusterClass:
            return "/v1/\(kind.collection)/\(name)"
        }
    }
}
