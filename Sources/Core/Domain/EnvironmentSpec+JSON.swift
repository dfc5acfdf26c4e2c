package import JSON

extension EnvironmentSpec {
    /// Writes the spec as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", type.rawValue)
            writer.member("service", orNull: service?.text)
            writer.key("source")
            if let source { source.write(to: &writer) } else { writer.null() }
            writer.key("images")
            images.write(to: &writer)
            writer.key("template")
            writer.object { $0.member("name", template.text) }
            writer.member("parameters", .object(parameters))
            writer.key("placement")
            placement.write(to: &writer)
            writer.key("dependencies")
            writer.array(dependencies) { $1.write(to: &$0) }
            writer.key("lifetime")
            lifetime.write(to: &writer)
            writer.member("concurrency", concurrency.rawValue)
            writer.key("readiness")
            readiness.write(to: &writer)
            writer.key("rollout")
            rollout.write(to: &writer)
            writer.key("approvals")
            if let approvals { approvals.write(to: &writer) } else { writer.null() }
            writer.key("freeze")
            if let freeze { freeze.write(to: &writer) } else { writer.null() }
            writer.member("asleep", asleep)
            writer.member("paused", paused)
            writer.member("deleteProtection", deleteProtection)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let type = (document["type"]?.string).flatMap(EnvironmentType.init(rawValue:)) else {
            throw DocumentFault(member: "type")
        }
        guard
            let template = document["template"]?["name"].flatMap(
                EnvironmentTemplateName.init(stored:)
            )
        else { throw DocumentFault(member: "template") }
        self.init(
            type: type,
            service: document["service"].flatMap(ServiceName.init(stored:)),
            source: document["source"].flatMap(EnvironmentSource.init(reading:)),
            images: EnvironmentImages(reading: document["images"]),
            template: template,
            parameters: document["parameters"]?.object ?? JSONObject(),
            placement: try EnvironmentPlacement(reading: document["placement"]),
            dependencies: (document["dependencies"]?.array ?? [])
                .compactMap(EnvironmentDependency.init(reading:)),
            lifetime: EnvironmentLifetime(reading: document["lifetime"]),
            concurrency: (document["concurrency"]?.string).flatMap(Concurrency.init(rawValue:))
                ?? .supersede,
            readiness: EnvironmentReadiness(reading: document["readiness"]),
            rollout: RolloutStrategy(reading: document["rollout"]),
            approvals: ApprovalRules(reading: document["approvals"]),
            freeze: Freeze(reading: document["freeze"]),
            asleep: document["asleep"]?.bool ?? false,
            paused: document["paused"]?.bool ?? false,
            deleteProtection: document["deleteProtection"]?.bool ?? false
        )
    }
}

extension ResourceName {
    /// The name in a stored document; nil where there is none.
    init?(stored document: JSON) {
        // What is no name was not written by us, and names nothing.
        guard let text = document.string, let name = try? Self(parsing: text) else { return nil }
        self = name
    }
}

extension EnvironmentSource {
    /// Writes the source as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("repository", orNull: repository)
            writer.member("ref", orNull: ref)
            writer.member("revision", orNull: revision)
            writer.key("pullRequest")
            if let pullRequest { writer.int(pullRequest) } else { writer.null() }
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    init?(reading document: JSON) {
        guard document.object != nil else { return nil }
        self.init(
            repository: document["repository"]?.string,
            ref: document["ref"]?.string,
            revision: document["revision"]?.string,
            pullRequest: document["pullRequest"]?.int
        )
    }
}

extension EnvironmentImages {
    /// Writes the images as one object, name by name.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for image in all {
                writer.key(named: image.name)
                writer.string(image.reference)
            }
        }
    }

    /// Reads what `write` wrote.
    init(reading document: JSON?) {
        self.init(
            (document?.object?.members ?? []).compactMap { member in
                member.value.string.map { Image(name: member.key, reference: $0) }
            }
        )
    }
}

extension EnvironmentPlacement {
    /// Writes the placement as the API shows it: `cluster`, or `kind` and `class`.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .cluster(let name): writer.member("cluster", name.text)
            case .own(let kind, let className):
                writer.member("kind", kind.rawValue)
                writer.member("class", orNull: className?.text)
            }
        }
    }

    /// Reads what `write` wrote.
    init(reading document: JSON?) throws(DocumentFault) {
        if let cluster = document?["cluster"].flatMap(ClusterName.init(stored:)) {
            self = .cluster(cluster)
        } else if let kind = (document?["kind"]?.string).flatMap(ClusterKind.init(rawValue:)) {
            self = .own(kind, className: document?["class"].flatMap(ClusterClassName.init(stored:)))
        } else {
            throw DocumentFault(member: "placement")
        }
    }
}

extension EnvironmentReadiness {
    /// Writes the rules as the API shows them.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("deadline", deadline.lengthText)
            writer.key("url")
            if let check {
                writer.object { writer in
                    writer.member("path", check.path)
                    writer.member("status", check.status)
                }
            } else {
                writer.null()
            }
        }
    }

    /// Reads what `write` wrote; what is missing is as usual.
    package init(reading document: JSON?) {
        self.init(
            deadline: Duration(stored: document?["deadline"]) ?? Self.deadlineUsual,
            check: (document?["url"]?.object).map { url in
                let usual = Check()
                return Check(
                    path: url["path"]?.string ?? usual.path,
                    status: url["status"]?.int ?? usual.status
                )
            }
        )
    }
}
