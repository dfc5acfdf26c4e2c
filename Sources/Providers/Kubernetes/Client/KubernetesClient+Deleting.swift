import JSON

/// What happens to the objects that belong to one that is deleted.
package enum Propagation: String, Sendable, CaseIterable {
    /// They go first; until then their owner stays.
    case foreground = "Foreground"
    /// Their owner goes first.
    case background = "Background"
    /// They stay.
    case orphan = "Orphan"
}

/// How far a deletion has come when its call is answered.
package enum Deletion: Sendable, Equatable {
    /// The object is not there (any more).
    case gone
    /// It goes away when its finalizers and what belongs to it are done.
    case deleting(KubernetesObject)
    /// The incarnation that was meant is not there; another one has its name.
    case replaced
}

extension KubernetesClient {
    /// Deletes an object; one that is not there is gone already.
    ///
    /// `uid`: the incarnation that is meant; another one of the name is left alone.
    package func delete(
        _ key: ObjectKey,
        uid: String?,
        propagation: Propagation = .background,
        dryRun: Bool = false
    ) async throws(KubernetesFault) -> Deletion {
        do throws(KubernetesFault) {
            return try await addressing(key.kind) { resource throws(KubernetesFault) in
                let request = KubernetesRequest(
                    "DELETE",
                    try resource.path(to: key),
                    headers: Self.jsonHeaders,
                    body: Self.options(uid, propagation, dryRun: dryRun),
                    timeout: limits.timeout
                )
                let reply = try await send(Call(request, "delete", resource, nil))
                return try Self.deletion(reply, of: resource)
            }
        } catch {
            return try await judged(error, key, uid)
        }
    }

    /// What a refusal says about the object: it may be what was wanted.
    private func judged(
        _ fault: KubernetesFault,
        _ key: ObjectKey,
        _ uid: String?
    ) async throws(KubernetesFault) -> Deletion {
        switch fault {
        case .notFound:
            return .gone
        case .precondition where uid != nil:
            return .replaced
        case .terminating, .modified:
            guard let object = try await get(key) else { return .gone }
            if let uid, object.uid != uid { return .replaced }
            guard object.isDeleting else { throw fault }
            return .deleting(object)
        default:
            throw fault
        }
    }

    private static func options(
        _ uid: String?,
        _ propagation: Propagation,
        dryRun: Bool
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("kind", "DeleteOptions")
            writer.member("apiVersion", "v1")
            writer.member("propagationPolicy", propagation.rawValue)
            if dryRun { writer.member("dryRun", .array(["All"])) }
            if let uid {
                writer.key("preconditions")
                writer.object { $0.member("uid", uid) }
            }
        }
        return writer.finish()
    }

    /// Either the object as it now is, or a `Status` of success where it went at once.
    private static func deletion(
        _ reply: Reply,
        of resource: APIResource
    ) throws(KubernetesFault) -> Deletion {
        let json = try reply.object()
        if json["kind"]?.string == "Status", json["apiVersion"]?.string == "v1" { return .gone }
        let object = try resource.object(json, .whole)
        return object.isDeleting ? .deleting(object) : .gone
    }
}
