import JSON

/// What happened to the objects that are watched.
package enum WatchEvent: Sendable, Equatable {
    /// An object is there that was not, or was not selected.
    case added(KubernetesObject)
    /// An object has changed.
    case modified(KubernetesObject)
    /// An object is gone, or not selected any more; its last state.
    case deleted(KubernetesObject)
    /// Nothing happened up to this state.
    case bookmark(resourceVersion: String)

    /// The state after the event: a watch from here misses nothing.
    package var resourceVersion: String {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object):
            object.resourceVersion
        case .bookmark(let version): version
        }
    }
}

extension WatchEvent {
    /// Reads one event of a stream.
    ///
    /// - Throws: what an `ERROR` event says, such as `.expired`; `.malformed`.
    init(
        _ bytes: [UInt8],
        of resource: APIResource,
        _ projection: Projection,
        trim: (inout JSONObject) -> Void
    ) throws(KubernetesFault) {
        let json: JSON
        do throws(JSONFault) { json = try JSON.parse(bytes, limits: .kubernetes) } catch {
            throw .malformed(reason: "an event is no JSON: \(error.reason)")
        }
        guard let type = json["type"]?.string, var told = json["object"]?.object else {
            throw .malformed(reason: "an event has no type or object")
        }
        trim(&told)
        switch type {
        case "ADDED": self = .added(try resource.object(told, projection))
        case "MODIFIED": self = .modified(try resource.object(told, projection))
        case "DELETED": self = .deleted(try resource.object(told, projection))
        case "BOOKMARK":
            guard let version = told["metadata"]?["resourceVersion"]?.string else {
                throw .malformed(reason: "a bookmark names no state")
            }
            self = .bookmark(resourceVersion: version)
        case "ERROR":
            let purpose = Purpose(verb: "watch", resource: resource.permissionName)
            throw StatusReport(.object(told), status: 500).fault(for: purpose)
        default:
            throw .malformed(reason: "there is no event `\(PlainText(type).text)`")
        }
    }
}
