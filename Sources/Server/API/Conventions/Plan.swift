import Domain
import HTTP
import JSON

/// What `?dryRun=true` answers: what the call would do, down to the members that would change.
struct Plan {
    /// What would become of the resource.
    enum Action: String {
        case create, update, delete, none
    }

    let action: Action
    /// The resource as it would be, nil where none would be left.
    let resource: [UInt8]?
    /// `{labels, spec}` now and then.
    let before: JSON
    let after: JSON
    let job: NewJob?
    /// The limits that the change touches; nil for what counts for none.
    var quota: [QuotaStanding]?
    /// What would become of what is ordered with it; nil for what orders nothing.
    var orders: [OrderOutlook]?
    /// What would change of delivered objects; nil for what delivers none.
    var manifests: ManifestOutlook?

    func answer(_ call: Invocation) -> Answer {
        var writer = JSONWriter(reserving: 1_024)
        writer.beginObject()
        writer.member("dryRun", true)
        writer.member("action", action.rawValue)
        writer.key("resource")
        if let resource { writer.raw(resource) } else { writer.null() }
        writer.key("changes")
        writer.array(Difference.list(from: before, to: after)) { $1.write(to: &$0) }
        writer.key("job")
        if let job {
            writer.beginObject()
            writer.member("kind", job.kind.description)
            writer.key("steps")
            writer.array(call.services.steps(job.kind)) { $0.string($1) }
            writer.endObject()
        } else {
            writer.null()
        }
        if let quota {
            writer.key("quota")
            writer.array(quota) { $1.write(to: &$0) }
        }
        if let orders {
            writer.key("orders")
            writer.array(orders) { $1.write(to: &$0) }
        }
        if let manifests {
            writer.key("manifests")
            manifests.write(to: &writer)
        }
        writer.endObject()
        return .json(.ok, writer.finish())
    }
}

extension Plan {
    /// The end of a resource of that wish.
    init(removing wish: JSON, by job: NewJob?) {
        self.init(action: .delete, resource: nil, before: wish, after: .null, job: job)
    }
}

/// One member that differs between two JSON values.
struct Difference: Sendable, Hashable {
    let pointer: JSONPointer
    let from: JSON
    let to: JSON

    /// Every member that differs; objects are looked into, everything else is compared as a whole.
    static func list(
        from before: JSON,
        to after: JSON,
        at pointer: JSONPointer = .root
    ) -> [Difference] {
        guard before != after else { return [] }
        guard let old = before.object ?? (before.isNull ? JSONObject() : nil),
            let new = after.object ?? (after.isNull ? JSONObject() : nil)
        else { return [Difference(pointer: pointer, from: before, to: after)] }
        let added = new.keys.filter { old[$0] == nil }
        return (Array(old.keys) + added).flatMap { key in
            list(from: old[key] ?? .null, to: new[key] ?? .null, at: pointer.appending(key))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("pointer", pointer.description)
        writer.member("from", from)
        writer.member("to", to)
        writer.endObject()
    }
}

extension JSON {
    /// `{labels, spec}` of a resource as JSON, for plans and merge patches.
    static func wish(
        labels: Labels,
        spec: (inout JSONWriter) -> Void
    ) throws(Problem) -> JSON {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.key("labels")
        labels.write(to: &writer)
        writer.key("spec")
        spec(&writer)
        writer.endObject()
        do {
            return try JSON.parse(writer.finish())
        } catch {
            throw .internalError
        }
    }
}

extension QuotaStanding {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("used", used)
        writer.member("after", after)
        writer.member("limit", limit)
        writer.endObject()
    }
}
