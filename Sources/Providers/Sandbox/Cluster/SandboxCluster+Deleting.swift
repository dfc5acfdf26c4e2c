import JSON

extension SandboxCluster {
    /// What keeps an owner until its dependents are gone.
    static let foregroundFinalizer = "foregroundDeletion"
    /// What keeps an owner until its dependents are free of it.
    static let orphanFinalizer = "orphan"

    /// Deletes an object, or marks it where somebody must agree first.
    ///
    /// - Returns: the last state of the object, and whether it is gone.
    func delete(
        _ key: SandboxKey,
        _ deletion: Deletion,
        _ writing: Writing
    ) async throws(SandboxStatus) -> (object: SandboxObject, isGone: Bool) {
        while true {
            guard let old = try await get(key) else { throw .notFound(writing.resource, key.name) }
            try examine(deletion, for: old, writing.resource)
            var new = old
            mark(&new, deletion, writing.resource)
            let isGone = new.isFinalized
            if writing.isDryRun || !isGone && new == old { return (new, isGone) }
            let revision = try await write(
                isGone ? .remove(expected: old.revision) : .replace(expected: old.revision),
                new
            )
            if let revision {
                new.metadata["resourceVersion"] = .string(String(revision))
                return (new, isGone)
            }
        }
    }

    private func examine(
        _ deletion: Deletion,
        for object: SandboxObject,
        _ resource: SandboxResource
    ) throws(SandboxStatus) {
        func compare(
            _ field: String,
            _ wanted: String?,
            _ found: String,
            _ guess: String
        ) throws(SandboxStatus) {
            guard let wanted, wanted != found else { return }
            let text =
                "the \(field) in the precondition (\(wanted)) does not match the \(field) in "
            let end = "record (\(found)). The object might have been \(guess)"
            throw .unmet(resource, object.name, text + end)
        }
        try compare("UID", deletion.uid, object.uid, "deleted and then recreated")
        let revision = String(object.revision)
        try compare("ResourceVersion", deletion.resourceVersion, revision, "modified")
    }

    private func mark(
        _ object: inout SandboxObject,
        _ deletion: Deletion,
        _ resource: SandboxResource
    ) {
        let finalizer: String? =
            switch deletion.propagation {
            case .foreground: Self.foregroundFinalizer
            case .orphan: Self.orphanFinalizer
            case .background, nil: nil
            }
        if let finalizer, !object.finalizers.contains(finalizer) {
            object.finalizers.append(finalizer)
        }
        guard !object.isDeleting else { return }
        object.metadata["deletionTimestamp"] = .string(now.kubernetesText)
        object.metadata["deletionGracePeriodSeconds"] = 0
        if object.generation > 0 {
            object.metadata["generation"] = .integer(object.generation + 1)
        }
        if resource.kind == .namespace { object.status["phase"] = "Terminating" }
    }

    /// The rules of namespaces for a new object in one.
    func admit(_ object: SandboxObject, _ resource: SandboxResource) async throws(SandboxStatus) {
        guard resource.isNamespaced, let name = object.namespace else { return }
        guard let namespace = try await get(SandboxKey(.namespace, name)) else {
            let resource = try await self.resource(.namespace)
            throw .notFound(resource, name)
        }
        guard !namespace.isDeleting else {
            let text = "unable to create new content in namespace \(name) because it is"
            var status = SandboxStatus.forbidden(
                resource,
                object.name,
                "\(text) being terminated"
            )
            let message = "namespace \(name) is being terminated"
            status.causes = [
                .init("NamespaceTerminating", message, field: "metadata.namespace")
            ]
            throw status
        }
    }
}
