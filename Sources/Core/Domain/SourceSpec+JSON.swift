package import JSON

extension SourceSpec {
    /// Writes the spec as it is stored and shown; the secret is not part of it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("forge", forge.text)
            writer.member("repository", repository)
            writer.member("service", orNull: service?.text)
            writer.member("template", orNull: template?.text)
            writer.member("parameters", .object(parameters))
            writer.key("pullRequests")
            pullRequests.write(to: &writer)
            writer.key("branches")
            writer.array(branches) { $1.write(to: &$0) }
            writer.key("report")
            writer.object { writer in
                writer.member("status", report.status)
                writer.member("deployment", report.deployment)
                writer.member("comment", report.comment)
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let forge = document["forge"].flatMap(ForgeName.init(stored:)) else {
            throw DocumentFault(member: "forge")
        }
        guard let repository = document["repository"]?.string else {
            throw DocumentFault(member: "repository")
        }
        self.init(
            forge: forge,
            repository: repository,
            service: document["service"].flatMap(ServiceName.init(stored:)),
            template: document["template"].flatMap(EnvironmentTemplateName.init(stored:)),
            parameters: document["parameters"]?.object ?? JSONObject(),
            pullRequests: PullRequestRule(reading: document["pullRequests"]),
            branches: (document["branches"]?.array ?? []).compactMap(BranchRule.init(reading:)),
            report: ReportRule(
                status: document["report"]?["status"]?.bool ?? true,
                deployment: document["report"]?["deployment"]?.bool ?? true,
                comment: document["report"]?["comment"]?.bool ?? true
            )
        )
    }
}

extension PullRequestRule {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("enabled", isEnabled)
            writer.member("name", name.text)
            writer.key("images")
            images.write(to: &writer)
            writer.key("lifetime")
            writer.object { writer in
                writer.member("ttl", orNull: lifetime.ttl?.lengthText)
                writer.member("max", orNull: lifetime.max?.lengthText)
            }
            writer.member("forks", forks.rawValue)
            writer.member("drafts", drafts)
            writer.key("labels")
            writer.array(labels) { $0.string($1) }
        }
    }

    fileprivate init(reading document: JSON?) {
        let usual = PullRequestRule()
        self.init(
            isEnabled: document?["enabled"]?.bool ?? true,
            name: (document?["name"]?.string).map { SourcePattern($0) } ?? usual.name,
            images: [String: SourcePattern](reading: document?["images"]),
            lifetime: EnvironmentLifetime(reading: document?["lifetime"]),
            forks: (document?["forks"]?.string).flatMap(Forks.init(rawValue:)) ?? .approval,
            drafts: document?["drafts"]?.bool ?? true,
            labels: (document?["labels"]?.array ?? []).compactMap(\.string)
        )
    }
}

extension BranchRule {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("pattern", pattern)
            writer.member("environment", environment.text)
            writer.member("type", type.rawValue)
            writer.key("images")
            images.write(to: &writer)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let pattern = document["pattern"]?.string,
            let environment = document["environment"]?.string
        else { return nil }
        self.init(
            pattern: pattern,
            environment: SourcePattern(environment),
            type: (document["type"]?.string).flatMap(EnvironmentType.init(rawValue:))
                ?? .development,
            images: [String: SourcePattern](reading: document["images"])
        )
    }
}

extension [String: SourcePattern] {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, pattern) in sorted(by: { $0.key < $1.key }) {
                writer.key(named: name)
                writer.string(pattern.text)
            }
        }
    }

    fileprivate init(reading document: JSON?) {
        self.init()
        for member in document?.object ?? JSONObject() {
            self[member.key] = member.value.string.map { SourcePattern($0) }
        }
    }
}
