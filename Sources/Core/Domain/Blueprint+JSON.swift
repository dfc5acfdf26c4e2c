package import JSON

extension BlueprintSpec {
    /// Writes the spec as the API shows it; the password is not part of it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("displayName", ifPresent: displayName)
            writer.key("source")
            writer.object { writer in
                writer.member("url", url)
                writer.member("branch", ifPresent: branch)
                writer.member("tagPattern", tagPattern)
            }
            if let username {
                writer.key("credentials")
                writer.object { $0.member("username", username) }
            }
        }
    }

    /// Reads what `write` wrote.
    package init(reading document: JSON) throws(DocumentFault) {
        let source = document["source"]
        guard let url = source?["url"]?.string else { throw DocumentFault(member: "source") }
        self.init(
            displayName: document["displayName"]?.string,
            url: url,
            branch: source?["branch"]?.string,
            tagPattern: source?["tagPattern"]?.string ?? Self.tagPatternDefault,
            username: document["credentials"]?["username"]?.string
        )
    }
}

extension BlueprintStatus {
    /// Writes the status as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("phase", phase.rawValue)
            writer.key("conditions")
            writer.array(conditions) { $1.write(to: &$0) }
            writer.member("observedGeneration", observedGeneration)
            writer.member("defaultVersion", orNull: defaultVersion)
            writer.member("versions", versions)
            writer.member("job", orNull: job?.description)
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
            defaultVersion: document["defaultVersion"]?.string,
            versions: document["versions"]?.int ?? 0,
            // What is no id names no job.
            job: (document["job"]?.string).flatMap { try? JobID(parsing: $0) }
        )
    }
}
