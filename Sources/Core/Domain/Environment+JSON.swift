package import JSON

extension EnvironmentStatus {
    /// Writes the status as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.key("conditions")
            writer.array(conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", observedGeneration)
            writeRollOuts(to: &writer)
            writer.member("url", orNull: url)
            writer.key("outputs")
            writer.object { writer in
                for (name, value) in outputs.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: name)
                    writer.string(value)
                }
            }
            writer.member("cluster", orNull: cluster?.text)
            writer.member("namespace", orNull: namespace)
            writer.key("objects")
            writer.array(objects) { $1.write(to: &$0) }
            writer.key("waiting")
            if let waiting { waiting.write(to: &writer) } else { writer.null() }
            writeTimes(to: &writer)
            writer.key("ending")
            if let ending { ending.write(to: &writer) } else { writer.null() }
            writer.member("companionOf", orNull: companionOf?.text)
            writer.member("job", orNull: job?.description)
            writer.member("interrupted", isInterrupted)
        }
    }

    private func writeRollOuts(to writer: inout JSONWriter) {
        writer.key("live")
        if let live { live.write(to: &writer) } else { writer.null() }
        writer.key("coming")
        if let coming { coming.write(to: &writer) } else { writer.null() }
        writer.key("queued")
        writer.array(queued) { $1.write(to: &$0) }
        writer.key("held")
        if let held { held.write(to: &writer) } else { writer.null() }
        writer.key("leftover")
        if let leftover { leftover.write(to: &writer) } else { writer.null() }
        writer.key("lock")
        if let lock { lock.write(to: &writer) } else { writer.null() }
        writer.member("deployments", deployments)
    }

    private func writeTimes(to writer: inout JSONWriter) {
        writer.member("refreshedAt", refreshedAt.description)
        writer.member("extendedTo", orNull: extendedTo?.description)
        writer.member("usedAt", usedAt.description)
        writer.member("expiresAt", orNull: expiry?.at.description)
        writer.member("expiryLimit", orNull: expiry?.limit.rawValue)
        writer.member("expiryReason", orNull: expiry?.limit.reason)
        writer.key("putOff")
        if let putOff { putOff.write(to: &writer) } else { writer.null() }
        writer.member("warnedOf", orNull: warnedOf?.description)
        writer.member("warnedAt", orNull: warnedAt?.description)
        writer.member("switchedAt", orNull: switchedAt?.description)
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let phase = (document["phase"]?.string).flatMap(Phase.init(rawValue:)) else {
            throw DocumentFault(member: "phase")
        }
        guard let refreshedAt = Instant(stored: document["refreshedAt"]) else {
            throw DocumentFault(member: "refreshedAt")
        }
        self.init(phase: phase, at: refreshedAt)
        conditions = try [Condition](reading: document["conditions"])
        observedGeneration = Int64(document["observedGeneration"]?.int ?? 0)
        live = try document["live"].flatMap(RollOut.init(reading:))
        coming = try document["coming"].flatMap(RollOut.init(reading:))
        for rollOut in document["queued"]?.array ?? [] {
            if let rollOut = try RollOut(reading: rollOut) { queued.append(rollOut) }
        }
        held = try document["held"].flatMap(HeldRollOut.init(reading:))
        leftover = RollOutLeftover(reading: document["leftover"])
        lock = EnvironmentLock(reading: document["lock"])
        deployments = Int64(document["deployments"]?.int ?? 0)
        url = document["url"]?.string
        for member in document["outputs"]?.object?.members ?? [] {
            outputs[member.key] = member.value.string
        }
        cluster = document["cluster"].flatMap(ClusterName.init(stored:))
        namespace = document["namespace"]?.string
        objects = (document["objects"]?.array ?? []).compactMap(SeenReadiness.init(reading:))
        if let wait = document["waiting"], !wait.isNull {
            waiting = try ClusterWait(reading: wait)
        }
        readTimes(document)
        ending = document["ending"].flatMap(EnvironmentEnding.init(reading:))
        companionOf = document["companionOf"].flatMap(EnvironmentName.init(stored:))
        // What is no id names no job.
        job = (document["job"]?.string).flatMap { try? JobID(parsing: $0) }
        isInterrupted = document["interrupted"]?.bool ?? false
    }

    private mutating func readTimes(_ document: JSON) {
        extendedTo = Instant(stored: document["extendedTo"])
        usedAt = Instant(stored: document["usedAt"]) ?? refreshedAt
        if let at = Instant(stored: document["expiresAt"]),
            let limit = (document["expiryLimit"]?.string)
                .flatMap(EnvironmentExpiry.Limit.init(rawValue:))
        {
            expiry = EnvironmentExpiry(at: at, limit: limit)
        }
        putOff = EnvironmentPutOff(reading: document["putOff"])
        warnedOf = Instant(stored: document["warnedOf"])
        warnedAt = Instant(stored: document["warnedAt"])
        switchedAt = Instant(stored: document["switchedAt"])
    }
}

extension HeldRollOut {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            rollOut.writeMembers(to: &writer)
            writer.key("origin")
            origin.write(to: &writer)
            writer.member("by", by)
            writer.key("difference")
            difference.write(to: &writer)
            writer.key("hold")
            hold.write(to: &writer)
        }
    }

    fileprivate init?(reading document: JSON) throws(DocumentFault) {
        guard let rollOut = try RollOut(reading: document),
            let hold = DeploymentHold(reading: document["hold"])
        else { return nil }
        self.init(
            rollOut: rollOut,
            origin: Deployment.Origin(reading: document["origin"] ?? .null),
            by: document["by"]?.string ?? "",
            difference: DeploymentDifference(reading: document["difference"] ?? .null),
            hold: hold
        )
    }
}

extension RollOut {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writeMembers(to: &writer)
            writer.member("startedAt", orNull: startedAt?.description)
            writer.member("commit", orNull: commit)
            writer.key("taken")
            writer.array(taken) { $1.write(to: &$0) }
            writer.key("progress")
            if let progress { progress.write(to: &writer) } else { writer.null() }
            writer.key("wish")
            if let wish { wish.write(to: &writer) } else { writer.null() }
            writer.key("pause")
            if let pause { pause.write(to: &writer) } else { writer.null() }
        }
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("deployment", deployment.description)
        writer.member("number", number)
        writer.member("revision", orNull: content.source?.revision)
        content.writeMembers(to: &writer)
        writer.member("since", since.description)
        writer.member("job", job.description)
    }

    fileprivate init?(reading document: JSON) throws(DocumentFault) {
        guard document.object != nil else { return nil }
        guard
            let deployment = (document["deployment"]?.string).flatMap(ID<Deployment>.init(stored:)),
            let number = document["number"]?.int,
            let since = Instant(stored: document["since"]),
            let job = (document["job"]?.string).flatMap(ID<Job>.init(stored:))
        else { throw DocumentFault(member: "deployment") }
        self.init(
            deployment: deployment,
            number: Int64(number),
            content: try DeploymentContent(reading: document),
            since: since,
            startedAt: Instant(stored: document["startedAt"]),
            job: job,
            commit: document["commit"]?.string,
            taken: (document["taken"]?.array ?? []).compactMap(TakenDependency.init(reading:)),
            progress: RolloutProgress(reading: document["progress"]),
            wish: RolloutWish(reading: document["wish"]),
            pause: RolloutPause(reading: document["pause"])
        )
    }
}

extension RollOutLeftover {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            writer.member("splitsTraffic", splitsTraffic)
        }
    }

    fileprivate init?(reading document: JSON?) {
        guard let number = document?["number"]?.int else { return nil }
        self.init(
            number: Int64(number),
            splitsTraffic: document?["splitsTraffic"]?.bool ?? false
        )
    }
}

extension ID {
    /// The id in a stored document; nil where it is none.
    init?(stored text: String) {
        // What is no id was not written by us, and names nothing.
        guard let id = try? Self(parsing: text) else { return nil }
        self = id
    }
}

extension EnvironmentEnding {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("reason", reason)
            switch self {
            case .request(let who): writer.member("by", who)
            case .expiry(let limit): writer.member("limit", limit.rawValue)
            case .tenant: writer.member("tenant", true)
            case .owner(let name): writer.member("owner", name.text)
            }
        }
    }

    fileprivate init?(reading document: JSON) {
        if let who = document["by"]?.string {
            self = .request(by: who)
        } else if let limit = (document["limit"]?.string)
            .flatMap(EnvironmentExpiry.Limit.init(rawValue:))
        {
            self = .expiry(limit)
        } else if document["tenant"]?.bool == true {
            self = .tenant
        } else if let name = document["owner"].flatMap(EnvironmentName.init(stored:)) {
            self = .owner(name)
        } else {
            return nil
        }
    }
}

extension SeenReadiness {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("object", object)
            writer.member("state", state.rawValue)
            writer.member("reason", reason)
            writer.member("message", message)
        }
    }

    init?(reading document: JSON) {
        guard let object = document["object"]?.string,
            let state = (document["state"]?.string).flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            object: object,
            state: state,
            reason: document["reason"]?.string ?? "",
            message: document["message"]?.string ?? ""
        )
    }
}
