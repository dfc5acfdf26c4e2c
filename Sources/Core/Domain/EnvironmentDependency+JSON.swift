package import JSON

extension EnvironmentDependency {
    /// Writes the dependency as the API shows it.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .shared(let shared): shared.write(to: &writer)
        case .ordered(let ordered): ordered.write(to: &writer)
        case .companion(let companion): companion.write(to: &writer)
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    init?(reading document: JSON) {
        if let ordered = OrderedService(reading: document) {
            self = .ordered(ordered)
        } else if let shared = SharedService(reading: document) {
            self = .shared(shared)
        } else if let companion = CompanionService(reading: document) {
            self = .companion(companion)
        } else {
            return nil
        }
    }
}

extension SharedService {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("service", service.text)
            writer.member("environment", environment.text)
            writer.member("version", orNull: version?.text)
            writer.member("image", orNull: image)
            writer.member("name", orNull: alias?.text)
        }
    }

    fileprivate init?(reading document: JSON) {
        guard let service = document["service"].flatMap(ServiceName.init(stored:)),
            let environment = document["environment"].flatMap(EnvironmentName.init(stored:))
        else { return nil }
        self.init(
            service: service,
            environment: environment,
            version: (document["version"]?.string).flatMap(VersionWish.init(parsing:)),
            image: document["image"]?.string,
            alias: document["name"].flatMap(ServiceName.init(stored:))
        )
    }
}

extension TakenDependency {
    /// Writes what was taken as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name.text)
            switch origin {
            case .environment(let environment, let deployment, let revision):
                writer.member("environment", environment.text)
                writer.member("deployment", deployment.description)
                writer.member("revision", orNull: revision)
            case .service(let service, let secret):
                writer.member("service", service.text)
                writer.member("secret", orNull: secret)
            }
            writer.member("url", orNull: url)
            writer.key("outputs")
            writer.object { writer in
                for (name, value) in outputs.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: name)
                    writer.string(value)
                }
            }
        }
    }

    /// Reads what `write` wrote; nil where there is none.
    package init?(reading document: JSON) {
        guard let name = document["name"].flatMap(ServiceName.init(stored:)) else { return nil }
        let origin: Origin
        if let service = document["service"].flatMap(ServiceInstanceName.init(stored:)) {
            origin = .service(service, secret: document["secret"]?.string)
        } else if let environment = document["environment"].flatMap(EnvironmentName.init(stored:)),
            let deployment = (document["deployment"]?.string).flatMap(DeploymentID.init(stored:))
        {
            let revision = document["revision"]?.string
            origin = .environment(environment, deployment: deployment, revision: revision)
        } else {
            return nil
        }
        var outputs: [String: String] = [:]
        for member in document["outputs"]?.object?.members ?? [] {
            outputs[member.key] = member.value.string
        }
        self.init(
            name: name,
            of: origin,
            url: document["url"]?.string,
            outputs: outputs
        )
    }
}
