package import JSON

extension ServiceSpec {
    /// Writes the spec as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("offering")
            writer.object { writer in
                writer.member("name", offering.text)
                writer.member("version", version.description)
            }
            writer.member("plan", plan)
            writer.member("parameters", .object(parameters))
            writer.member("environment", orNull: environment?.text)
            writer.member("cluster", orNull: cluster?.text)
            writer.member("adopt", adopt)
            writer.member("paused", paused)
            writer.member("deleteProtection", deleteProtection)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let offering = document["offering"]?["name"].flatMap(OfferingName.init(stored:)),
            let version = (document["offering"]?["version"]?.string)
                .flatMap({ SemanticVersion($0) })
        else { throw DocumentFault(member: "offering") }
        guard let plan = document["plan"]?.string else { throw DocumentFault(member: "plan") }
        self.init(
            offering: offering,
            version: version,
            plan: plan,
            parameters: document["parameters"]?.object ?? JSONObject(),
            environment: document["environment"].flatMap(EnvironmentName.init(stored:)),
            cluster: document["cluster"].flatMap(ClusterName.init(stored:)),
            adopt: document["adopt"]?.bool ?? false,
            paused: document["paused"]?.bool ?? false,
            deleteProtection: document["deleteProtection"]?.bool ?? false
        )
    }
}

extension ServiceTerms {
    /// Writes the terms as the API shows them; nothing that a plan sets is in them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.key("offering")
        writer.object { writer in
            writer.member("name", offering.text)
            writer.member("version", version.description)
        }
        writer.key("blueprint")
        writer.object { writer in
            writer.member("name", blueprint.text)
            writer.member("version", blueprintVersion)
            writer.member("commit", commit)
        }
        writer.member("plan", plan)
        writer.member("parameters", .object(parameters))
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let offering = document["offering"]?["name"].flatMap(OfferingName.init(stored:)),
            let version = (document["offering"]?["version"]?.string)
                .flatMap({ SemanticVersion($0) })
        else { throw DocumentFault(member: "offering") }
        guard let blueprint = document["blueprint"]?["name"].flatMap(BlueprintName.init(stored:)),
            let blueprintVersion = document["blueprint"]?["version"]?.string,
            let commit = document["blueprint"]?["commit"]?.string
        else { throw DocumentFault(member: "blueprint") }
        guard let plan = document["plan"]?.string else { throw DocumentFault(member: "plan") }
        self.init(
            blueprint: blueprint,
            blueprintVersion: blueprintVersion,
            commit: commit,
            offering: offering,
            version: version,
            plan: plan,
            parameters: document["parameters"]?.object ?? JSONObject()
        )
    }
}

extension ServiceDelivery {
    /// Writes the delivery as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            terms.writeMembers(to: &writer)
            writer.member("generation", generation)
            writer.member("since", since.description)
            writer.member("startedAt", orNull: startedAt?.description)
            writer.member("job", job.description)
            writer.member("revision", orNull: revision)
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    package init?(reading document: JSON) throws(DocumentFault) {
        guard document.object != nil else { return nil }
        guard let number = document["number"]?.int, let since = Instant(stored: document["since"]),
            let job = (document["job"]?.string).flatMap(JobID.init(stored:))
        else { throw DocumentFault(member: "number") }
        self.init(
            number: Int64(number),
            terms: try ServiceTerms(reading: document),
            generation: Int64(document["generation"]?.int ?? 0),
            since: since,
            startedAt: Instant(stored: document["startedAt"]),
            job: job,
            revision: document["revision"]?.string
        )
    }
}

extension ServiceStatus {
    /// Writes the status as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.key("conditions")
            writer.array(conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", observedGeneration)
            writer.key("live")
            if let live { live.write(to: &writer) } else { writer.null() }
            writer.key("coming")
            if let coming { coming.write(to: &writer) } else { writer.null() }
            writer.key("leftover")
            if let leftover { writer.int(leftover) } else { writer.null() }
            writer.member("deliveries", deliveries)
            writer.member("outputs", .object(outputs))
            writer.member("dependency", orNull: dependency?.text)
            writer.member("cluster", orNull: cluster?.text)
            writer.member("namespace", orNull: namespace)
            writer.key("objects")
            writer.array(objects) { $1.write(to: &$0) }
            writer.key("waiting")
            if let waiting { waiting.write(to: &writer) } else { writer.null() }
            writer.key("ending")
            if let ending { ending.write(to: &writer) } else { writer.null() }
            writer.member("job", orNull: job?.description)
            writer.member("interrupted", isInterrupted)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let phase = (document["phase"]?.string).flatMap(Phase.init(rawValue:)) else {
            throw DocumentFault(member: "phase")
        }
        self.init(phase: phase)
        conditions = try [Condition](reading: document["conditions"])
        observedGeneration = Int64(document["observedGeneration"]?.int ?? 0)
        live = try document["live"].flatMap(ServiceDelivery.init(reading:))
        coming = try document["coming"].flatMap(ServiceDelivery.init(reading:))
        leftover = (document["leftover"]?.int).map(Int64.init)
        deliveries = Int64(document["deliveries"]?.int ?? 0)
        outputs = document["outputs"]?.object ?? JSONObject()
        dependency = document["dependency"].flatMap(ServiceName.init(stored:))
        cluster = document["cluster"].flatMap(ClusterName.init(stored:))
        namespace = document["namespace"]?.string
        objects = (document["objects"]?.array ?? []).compactMap(SeenReadiness.init(reading:))
        if let wait = document["waiting"], !wait.isNull {
            waiting = try ClusterWait(reading: wait)
        }
        ending = document["ending"].flatMap(ServiceEnding.init(reading:))
        job = (document["job"]?.string).flatMap(JobID.init(stored:))
        isInterrupted = document["interrupted"]?.bool ?? false
    }
}

extension ServiceEnding {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("reason", reason)
            switch self {
            case .request(let who): writer.member("by", who)
            case .environment(let name): writer.member("environment", name.text)
            case .unneeded(let name): writer.member("unneededBy", name.text)
            case .tenant: writer.member("tenant", true)
            }
        }
    }

    fileprivate init?(reading document: JSON) {
        if let who = document["by"]?.string {
            self = .request(by: who)
        } else if let name = document["environment"].flatMap(EnvironmentName.init(stored:)) {
            self = .environment(name)
        } else if let name = document["unneededBy"].flatMap(EnvironmentName.init(stored:)) {
            self = .unneeded(by: name)
        } else if document["tenant"]?.bool == true {
            self = .tenant
        } else {
            return nil
        }
    }
}
