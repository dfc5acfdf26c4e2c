package import JSON

extension BindingSpec {
    /// Writes the spec as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("parameters", .object(parameters))
            writer.key("consumer")
            switch delivery {
            case .environment(let name):
                writer.object { $0.member("environment", name.text) }
            case .namespace(let cluster, let namespace):
                writer.object { writer in
                    writer.member("cluster", cluster.text)
                    writer.member("namespace", namespace)
                }
            case .answer: writer.null()
            }
            writer.member("delivery", delivery == .answer ? "answer" : carrier.rawValue)
            writer.member("secret", orNull: secretName)
            writer.key("rotation")
            writer.object { writer in
                writer.member("every", orNull: rotatesEvery?.lengthText)
                writer.member("overlap", orNull: overlap?.lengthText)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        let consumer = document["consumer"]
        let delivery: Delivery
        if let name = consumer?["environment"].flatMap(EnvironmentName.init(stored:)) {
            delivery = .environment(name)
        } else if let cluster = consumer?["cluster"].flatMap(ClusterName.init(stored:)),
            let namespace = consumer?["namespace"]?.string
        {
            delivery = .namespace(cluster, namespace)
        } else if document["delivery"]?.string == "answer" {
            delivery = .answer
        } else {
            throw DocumentFault(member: "consumer")
        }
        self.init(
            parameters: document["parameters"]?.object ?? JSONObject(),
            delivery: delivery,
            carrier: (document["delivery"]?.string).flatMap(Carrier.init(rawValue:)) ?? .slipway,
            secretName: document["secret"]?.string,
            rotatesEvery: Duration(stored: document["rotation"]?["every"]),
            overlap: Duration(stored: document["rotation"]?["overlap"])
        )
    }
}

extension BindingStatus {
    /// Writes the status as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.key("conditions")
            writer.array(conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", observedGeneration)
            writer.member("credentials", credentials)
            writer.key("current")
            if let current { current.write(to: &writer) } else { writer.null() }
            writer.key("coming")
            if let coming { coming.write(to: &writer) } else { writer.null() }
            writer.key("retiring")
            writer.array(retiring) { $1.write(to: &$0) }
            writer.key("secret")
            if let secret { secret.write(to: &writer) } else { writer.null() }
            writer.member("rotatesAt", orNull: rotatesAt?.description)
            writer.key("shown")
            if let shown { writer.int(shown) } else { writer.null() }
            writer.key("waiting")
            if let waiting { waiting.write(to: &writer) } else { writer.null() }
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
        credentials = Int64(document["credentials"]?.int ?? 0)
        current = try document["current"].flatMap(CredentialRecord.init(reading:))
        coming = try document["coming"].flatMap(CredentialRecord.init(reading:))
        for record in document["retiring"]?.array ?? [] {
            if let record = try CredentialRecord(reading: record) { retiring.append(record) }
        }
        secret = document["secret"].flatMap(SecretPlace.init(reading:))
        rotatesAt = Instant(stored: document["rotatesAt"])
        shown = (document["shown"]?.int).map(Int64.init)
        if let wait = document["waiting"], !wait.isNull {
            waiting = try ClusterWait(reading: wait)
        }
        job = (document["job"]?.string).flatMap(JobID.init(stored:))
        isInterrupted = document["interrupted"]?.bool ?? false
    }
}

extension CredentialRecord {
    /// Writes the record as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            writer.member("parameters", .object(parameters))
            writer.member("generation", generation)
            writer.key("service")
            if let terms { terms.write(to: &writer) } else { writer.null() }
            writer.key("rotation")
            if let rotation {
                writer.object { writer in
                    writer.member("every", orNull: rotation.every?.lengthText)
                    writer.member("overlap", rotation.overlap.lengthText)
                }
            } else {
                writer.null()
            }
            writer.member("since", since.description)
            writer.member("startedAt", orNull: startedAt?.description)
            writer.member("switchedAt", orNull: switchedAt?.description)
            writer.member("retiresAt", orNull: retiresAt?.description)
            writer.member("job", orNull: job?.description)
            writer.member("revision", orNull: revision)
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    package init?(reading document: JSON) throws(DocumentFault) {
        guard document.object != nil else { return nil }
        guard let number = document["number"]?.int, let since = Instant(stored: document["since"])
        else { throw DocumentFault(member: "number") }
        self.init(
            number: Int64(number),
            parameters: document["parameters"]?.object ?? JSONObject(),
            generation: Int64(document["generation"]?.int ?? 0),
            since: since,
            job: (document["job"]?.string).flatMap(JobID.init(stored:))
        )
        if let service = document["service"], !service.isNull {
            terms = try ServiceTerms(reading: service)
        }
        if let overlap = Duration(stored: document["rotation"]?["overlap"]) {
            rotation = CredentialRotation(
                every: Duration(stored: document["rotation"]?["every"]),
                overlap: overlap
            )
        }
        startedAt = Instant(stored: document["startedAt"])
        switchedAt = Instant(stored: document["switchedAt"])
        retiresAt = Instant(stored: document["retiresAt"])
        revision = document["revision"]?.string
    }
}

extension SecretPlace {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("cluster", cluster.text)
            writer.member("namespace", namespace)
            writer.member("name", name)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let cluster = document["cluster"].flatMap(ClusterName.init(stored:)),
            let namespace = document["namespace"]?.string, let name = document["name"]?.string
        else { return nil }
        self.init(cluster: cluster, namespace: namespace, name: name)
    }
}
