package import JSON

extension TrustSpec {
    /// Writes the spec as it is stored and shown.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("issuer", issuer)
            writer.member("audience", audience)
            writer.member("repository", orNull: repository)
            writer.member("repositoryId", orNull: repositoryID)
            writer.member("repositoryUrl", orNull: repositoryURL)
            writer.key("refs")
            writer.array(refs) { $0.string($1.description) }
            writer.member("protectedRefs", protectedRefs)
            writer.member("environment", orNull: environment)
            writer.key("claims")
            writer.object { writer in
                for claim in claims {
                    writer.key(named: claim.name)
                    writer.string(claim.pattern.description)
                }
            }
            writer.key("excludedEvents")
            writer.array(excludedEvents) { $0.string($1) }
            writer.key("environmentTypes")
            writer.array(environmentTypes) { $0.string($1.rawValue) }
            writer.member("environmentsMax", environmentsMax)
            writer.member("ttlMax", ttlMax.lengthText)
            writer.key("dependencies")
            writer.array(dependencies) { $0.string($1.description) }
            writer.key("offerings")
            writer.array(offerings) { $0.string($1.description) }
            writer.member("tokenTtl", tokenTTL.lengthText)
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let issuer = document["issuer"]?.string else { throw DocumentFault(member: "issuer") }
        guard let audience = document["audience"]?.string else {
            throw DocumentFault(member: "audience")
        }
        self.init(issuer: issuer, audience: audience)
        repository = document["repository"]?.string
        repositoryID = document["repositoryId"]?.string
        repositoryURL = document["repositoryUrl"]?.string
        refs = [Wildcard](stored: document["refs"])
        protectedRefs = document["protectedRefs"]?.bool ?? true
        environment = document["environment"]?.string
        for member in document["claims"]?.object?.members ?? [] {
            // What is no text was never written, and matches nothing.
            let pattern = Wildcard(member.value.string ?? "")
            claims.append(Claim(name: member.key, pattern: pattern))
        }
        excludedEvents = (document["excludedEvents"]?.array ?? []).compactMap(\.string)
        environmentTypes = [EnvironmentType](stored: document["environmentTypes"])
        environmentsMax = document["environmentsMax"]?.int ?? 0
        ttlMax = try Duration(stored: document, "ttlMax")
        dependencies = [Wildcard](stored: document["dependencies"])
        offerings = [Wildcard](stored: document["offerings"])
        tokenTTL = try Duration(stored: document, "tokenTtl")
    }
}

extension PipelineGrant {
    /// Writes the grant as it is stored with its token.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("trust", trust.description)
            writer.member("name", name.text)
            writer.member("repository", orNull: repository)
            writer.key("permissions")
            writer.array(permissions.map(\.rawValue).sorted()) { $0.string($1) }
            writer.key("environmentTypes")
            writer.array(environmentTypes) { $0.string($1.rawValue) }
            writer.member("environmentsMax", environmentsMax)
            writer.member("ttlMax", ttlMax.lengthText)
            writer.key("dependencies")
            writer.array(dependencies) { $0.string($1.description) }
            writer.key("offerings")
            writer.array(offerings) { $0.string($1.description) }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        guard let trust = (document["trust"]?.string).flatMap(TrustID.init(stored:)),
            // What is no name was never written.
            let name = (document["name"]?.string).flatMap({ try? TrustName(parsing: $0) })
        else { throw DocumentFault(member: "trust") }
        self.init(
            trust: trust,
            name: name,
            repository: document["repository"]?.string,
            permissions: Set(
                (document["permissions"]?.array ?? []).compactMap(\.string)
                    .compactMap(Permission.init(rawValue:))
            ),
            environmentTypes: [EnvironmentType](stored: document["environmentTypes"]),
            environmentsMax: document["environmentsMax"]?.int ?? 0,
            ttlMax: try Duration(stored: document, "ttlMax"),
            dependencies: [Wildcard](stored: document["dependencies"]),
            offerings: [Wildcard](stored: document["offerings"])
        )
    }
}

extension [Wildcard] {
    /// What an earlier version wrote may have none.
    fileprivate init(stored document: JSON?) {
        self = (document?.array ?? []).compactMap(\.string).map(Wildcard.init)
    }
}

extension [EnvironmentType] {
    fileprivate init(stored document: JSON?) {
        self = (document?.array ?? []).compactMap(\.string)
            .compactMap(EnvironmentType.init(rawValue:))
    }
}

extension Duration {
    fileprivate init(stored document: JSON, _ member: String) throws(DocumentFault) {
        do throws(DurationFault) {
            self = try Duration(lengthParsing: document[member]?.string ?? "")
        } catch {
            throw DocumentFault(member: member)
        }
    }
}
