package import JSON

extension Deployment {
    /// Writes the record as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.description)
            writer.member("environment", environmentName.text)
            writer.member("number", number)
            writer.member("state", state.rawValue)
            writer.key("origin")
            origin.write(to: &writer)
            writer.member("revision", orNull: content.source?.revision)
            content.writeMembers(to: &writer)
            writer.key("difference")
            difference.write(to: &writer)
            writer.member("by", by)
            writer.member("job", orNull: state == .held ? nil : job.description)
            writer.key("hold")
            if let hold { hold.write(to: &writer) } else { writer.null() }
            writer.member("outcome", orNull: outcome)
            writer.member("createdAt", createdAt.description)
            writer.member("startedAt", orNull: startedAt?.description)
            writer.member("finishedAt", orNull: finishedAt?.description)
            writer.member("duration", orNull: duration?.lengthText)
        }
    }
}

extension DeploymentContent {
    func writeMembers(to writer: inout JSONWriter) {
        writer.key("source")
        if let source { source.write(to: &writer) } else { writer.null() }
        writer.key("images")
        images.write(to: &writer)
        writer.member("template", template.text)
        writer.member("parameters", .object(parameters))
        writer.key("dependencies")
        writer.array(dependencies) { $1.write(to: &$0) }
    }

    /// Writes the content as one object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let template = document["template"].flatMap(EnvironmentTemplateName.init(stored:))
        else {
            throw DocumentFault(member: "template")
        }
        self.init(
            source: document["source"].flatMap(EnvironmentSource.init(reading:)),
            images: EnvironmentImages(reading: document["images"]),
            template: template,
            parameters: document["parameters"]?.object ?? JSONObject(),
            dependencies: (document["dependencies"]?.array ?? [])
                .compactMap(EnvironmentDependency.init(reading:))
        )
    }
}

extension Deployment.Origin {
    /// The words of the API.
    package enum Word: String, Sendable, CaseIterable {
        case request, promotion, rollback, hook
    }

    /// The word for it.
    package var word: Word {
        switch self {
        case .request: .request
        case .promotion: .promotion
        case .rollback: .rollback
        case .hook: .hook
        }
    }

    /// Writes the origin as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", word.rawValue)
            switch self {
            case .request: break
            case .promotion(let environment, let deployment):
                writer.member("environment", environment.text)
                writer.member("deployment", deployment.description)
            case .rollback(let deployment):
                writer.member("deployment", deployment.description)
            case .hook(let delivery):
                writer.member("delivery", delivery)
            }
        }
    }

    /// Reads what `write` wrote; what is incomplete is a request.
    package init(reading document: JSON) {
        let deployment = (document["deployment"]?.string).flatMap(ID<Deployment>.init(stored:))
        switch (document["type"]?.string).flatMap(Word.init(rawValue:)) {
        case .promotion:
            guard let deployment,
                let name = document["environment"].flatMap(EnvironmentName.init(stored:))
            else { fallthrough }
            self = .promotion(from: name, deployment: deployment)
        case .rollback:
            guard let deployment else { fallthrough }
            self = .rollback(to: deployment)
        case .hook:
            guard let delivery = document["delivery"]?.string else { fallthrough }
            self = .hook(delivery: delivery)
        case .request, nil:
            self = .request
        }
    }
}

extension DeploymentDifference {
    /// Writes the difference as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("base", orNull: base?.description)
            writer.key("revision")
            if let revision { revision.write(to: &writer) } else { writer.null() }
            writer.key("images")
            writer.array(images) { $1.write(to: &$0) }
            writer.key("parameters")
            writer.array(parameters) { $0.string($1) }
            writer.key("dependencies")
            writer.array(dependencies) { $0.string($1) }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) {
        self.init(
            base: (document["base"]?.string).flatMap(ID<Deployment>.init(stored:)),
            revision: document["revision"].flatMap(Change.init(reading:)),
            images: (document["images"]?.array ?? []).compactMap(Change.init(reading:)),
            parameters: (document["parameters"]?.array ?? []).compactMap(\.string),
            dependencies: (document["dependencies"]?.array ?? []).compactMap(\.string)
        )
    }
}

extension DeploymentDifference.Change {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("before", orNull: before)
            writer.member("after", orNull: after)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let name = document["name"]?.string else { return nil }
        self.init(
            name: name,
            before: document["before"]?.string,
            after: document["after"]?.string
        )
    }
}
