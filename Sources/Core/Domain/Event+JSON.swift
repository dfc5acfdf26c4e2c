package import JSON

extension Event {
    /// Writes the event as a CloudEvent 1.0 in structured JSON, with its place in the log.
    package func write(to writer: inout JSONWriter, position: Int64) {
        writer.object { writer in
            writer.member("specversion", Event.specVersion)
            writer.member("id", id.description)
            writer.member("source", subject.path)
            writer.member("type", type.description)
            writer.member("subject", subject.name)
            writer.member("time", at.description)
            writer.member("datacontenttype", "application/json")
            writer.member("sequence", String(position))
            writer.member("tenant", ifPresent: tenant?.description)
            writer.key("data")
            writer.raw(data)
        }
    }
}

extension ObjectReference {
    /// The address of the thing in the API, the `source` of its events.
    package var path: String {
        switch kind {
        case .blueprintVersion:
            let parts = name.split(separator: "/", maxSplits: 1)
            return "/v1/blueprints/\(parts.joined(separator: "/versions/"))"
        case .token, .webhook, .location: return "/v1/\(kind.collection)/\(id?.description ?? name)"
        case .platform: return "/v1"
        case .repository: return "/v1/tenants/\(name)/repository"
        case .binding:
            let parts = name.split(separator: "/", maxSplits: 2)
            guard parts.count == 3 else { return "/v1/tenants/\(name)" }
            return "/v1/tenants/\(parts[0])/services/\(parts[1])/bindings/\(parts[2])"
        case .cluster, .environment, .service, .source, .trust:
            let parts = name.split(separator: "/", maxSplits: 1)
            return "/v1/tenants/\(parts.joined(separator: "/\(kind.collection)/"))"
        case .entity:
            let parts = name.split(separator: ":", maxSplits: 1)
            return "/v1/\(kind.collection)/\(parts.joined(separator: "/"))"
        case .tenant, .blueprint, .job, .managementCluster, .clusterClass, .forge, .scorecard:
            return "/v1/\(kind.collection)/\(name)"
        }
    }
}
