package import JSON

extension ClusterStatus {
    /// Writes the status as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.key("conditions")
            writer.array(conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", observedGeneration)
            seen.writeMembers(to: &writer)
            writer.member("job", orNull: job?.description)
            writer.member("environment", orNull: environment?.text)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let phase = (document["phase"]?.string).flatMap(Phase.init(rawValue:)) else {
            throw DocumentFault(member: "phase")
        }
        self.init(
            phase: phase,
            conditions: try [Condition](reading: document["conditions"]),
            observedGeneration: Int64(document["observedGeneration"]?.int ?? 0),
            seen: try ClusterObservation(reading: document),
            // What is no id names no job.
            job: (document["job"]?.string).flatMap { try? JobID(parsing: $0) },
            environment: document["environment"].flatMap(EnvironmentName.init(stored:))
        )
    }
}

extension ClusterObservation {
    /// Writes what was seen as one object; without conditions, which the status dates.
    package func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("rootUid", orNull: rootUID)
        writer.member("deleting", isDeleting)
        writer.member("reachable", isReachable)
        writer.member("ready", isReady)
        writer.member("asleep", isAsleep)
        writer.member("endpoint", orNull: endpoint)
        writer.key("versions")
        writer.object { writer in
            writer.member("controlPlane", orNull: controlPlaneVersion)
            writer.member("workers", orNull: workersVersion)
        }
        writer.key("nodes")
        if let nodes { nodes.write(to: &writer) } else { writer.null() }
        writer.key("pools")
        writer.array(pools) { $1.write(to: &$0) }
        writer.key("waiting")
        if let waiting { waiting.write(to: &writer) } else { writer.null() }
        writer.key("drift")
        writer.array(drift) { $0.string($1) }
        writer.key("events")
        writer.array(events) { $1.write(to: &$0) }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        self.init()
        rootUID = document["rootUid"]?.string
        isDeleting = document["deleting"]?.bool ?? false
        isReachable = document["reachable"]?.bool ?? false
        isReady = document["ready"]?.bool ?? false
        isAsleep = document["asleep"]?.bool ?? false
        endpoint = document["endpoint"]?.string
        controlPlaneVersion = document["versions"]?["controlPlane"]?.string
        workersVersion = document["versions"]?["workers"]?.string
        nodes = document["nodes"].flatMap(NodeFigures.init(reading:))
        pools = (document["pools"]?.array ?? []).compactMap(PoolFigures.init(reading:))
        if let wait = document["waiting"], !wait.isNull {
            waiting = try ClusterWait(reading: wait)
        }
        drift = (document["drift"]?.array ?? []).compactMap(\.string)
        for event in document["events"]?.array ?? [] {
            events.append(try SeenEvent(reading: event))
        }
    }
}

extension NodeFigures {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("desired", desired)
            writer.member("ready", ready)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let desired = document["desired"]?.int, let ready = document["ready"]?.int else {
            return nil
        }
        self.init(desired: desired, ready: ready)
    }
}

extension PoolFigures {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("desired", nodes.desired)
            writer.member("ready", nodes.ready)
            writer.member("version", orNull: version)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let name = document["name"]?.string, let nodes = NodeFigures(reading: document)
        else { return nil }
        self.init(name: name, nodes: nodes, version: document["version"]?.string)
    }
}

extension ClusterWait {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("on", on)
            writer.member("since", since.description)
            writer.member("until", orNull: until?.description)
            writer.member("releasedBy", orNull: releasedBy)
        }
    }

    init(reading document: JSON) throws(DocumentFault) {
        guard let on = document["on"]?.string,
            let since = Instant(stored: document["since"])
        else { throw DocumentFault(member: "waiting") }
        self.init(
            on: on,
            since: since,
            until: Instant(stored: document["until"]),
            releasedBy: document["releasedBy"]?.string
        )
    }
}

extension SeenEvent {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("at", at.description)
            writer.member("type", type)
            writer.member("reason", reason)
            writer.member("object", object)
            writer.member("message", message)
        }
    }

    fileprivate init(reading document: JSON) throws(DocumentFault) {
        guard let at = Instant(stored: document["at"]) else {
            throw DocumentFault(member: "events")
        }
        self.init(
            at: at,
            type: document["type"]?.string ?? "",
            reason: document["reason"]?.string ?? "",
            object: document["object"]?.string ?? "",
            message: document["message"]?.string ?? ""
        )
    }
}

extension Instant {
    /// A moment in a stored document; nil where there is none.
    init?(stored document: JSON?) {
        // What is no moment was not written by us, and says nothing.
        guard let text = document?.string, let moment = try? Instant(parsing: text) else {
            return nil
        }
        self = moment
    }
}
