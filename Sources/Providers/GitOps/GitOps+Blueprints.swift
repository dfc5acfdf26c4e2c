import Blueprints
import Contract
import Domain
import Git
import JSON
import Rendering

extension GitOps {
    /// How many versions of a blueprint are looked at, the newest first.
    private static let versionsMax = 200

    /// The mirror of a blueprint is brought up to date, and its tags become versions.
    var refresh: Workflow {
        Workflow(
            .blueprintRefresh,
            steps: [
                NamedStep("fetch", within: .seconds(600), fetch), NamedStep("discover", discover),
                NamedStep("classes", publishClasses),
            ],
            whenInterrupted: Self.blueprintInterrupted
        )
    }

    func blueprint(_ context: StepContext) async throws(ProviderFault) -> Blueprint {
        guard let id = context.subject.id, let found = try await records.blueprint(id.cast()) else {
            throw .refused(reason: "the blueprint is gone; cancel the job")
        }
        return found
    }

    private func fetch(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let blueprint = try await blueprint(context)
        let request = FetchRequest(
            source: blueprint.spec.url,
            destination: layout.mirror(of: blueprint.name),
            credential: try await records.credential(of: blueprint)
        )
        try await asking { () async throws(GitFault) in try await git.mirror(request) }
        context.log.info("fetched \(request.shownSource)")
        return .done
    }

    private func discover(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let blueprint = try await blueprint(context)
        let spec = blueprint.spec
        let versions = try await asking { () async throws(GitFault) in
            try await git.open(layout.mirror(of: blueprint.name)) { repository throws(GitFault) in
                try Self.versions(of: spec, in: repository)
            }
        }
        for version in versions {
            let findings = version.findings
            if findings.isEmpty {
                context.log.info("\(version.tag) at \(version.commit)")
            } else {
                context.log.warning("\(version.tag): \(findings.joined(separator: "; "))")
            }
        }
        let good = versions.filter(\.findings.isEmpty)
        var data = JSONObject()
        data["versions"] = .integer(versions.count)
        data["defective"] = .integer(versions.count - good.count)
        let ready = StepFact.condition(
            type: "Ready",
            status: good.isEmpty ? .false : .true,
            reason: good.isEmpty ? "NoUsableVersion" : "Refreshed",
            message: "\(versions.count) versions found, \(versions.count - good.count) defective.",
            generation: blueprint.generation
        )
        return .done(
            Evidence(
                data,
                facts: [
                    .versions(versions), ready, .blueprintPhase(good.isEmpty ? .failed : .ready),
                    .observed(generation: blueprint.generation),
                    .event(.blueprintRefreshed, data: data),
                ]
            )
        )
    }

    /// The tags that are versions, the newest first.
    private static func versions(
        of spec: BlueprintSpec,
        in repository: borrowing Repository
    ) throws(GitFault) -> [DiscoveredVersion] {
        var branch: ObjectID?
        if let name = spec.branch {
            branch = try repository.commit(named: "refs/heads/\(name)")
            guard branch != nil else { throw .notFound("the branch \(name)") }
        }
        var versions: [DiscoveredVersion] = []
        for tag in try repository.tags() {
            guard versions.count < versionsMax, let version = spec.version(ofTag: tag.name) else {
                continue
            }
            if let branch {
                let isBehind = try repository.isAncestor(tag.commit, of: branch)
                guard isBehind else { continue }
            }
            guard !versions.contains(where: { $0.version == version }) else { continue }
            versions.append(try look(at: tag, version, in: repository))
        }
        return versions
    }

    private static func look(
        at tag: Tag,
        _ version: String,
        in repository: borrowing Repository
    ) throws(GitFault) -> DiscoveredVersion {
        var message = tag.message ?? ""
        if message.isEmpty { message = try repository.info(of: tag.commit).message }
        var found = DiscoveredVersion(
            version: version,
            tag: tag.name,
            commit: tag.commit.hex,
            parameterSchema: Array("{}".utf8),
            summary: firstLine(of: message),
            findings: []
        )
        var manifest: BlueprintManifest?
        switch try BlueprintRendering.manifest(in: repository, at: tag.commit) {
        case .success(let read):
            manifest = read
            found.parameterSchema = read.parameters.source.serialized()
        case .failure(let fault): found.findings = fault.findings.map(\.description)
        }
        do throws(GitFault) {
            let files = try repository.snapshot(of: tag.commit) { path in
                manifest?.isOffering(path.text) ?? false
            }
            if let manifest, case .failure(let fault) = manifest.offerings(in: files) {
                found.findings = fault.findings.map(\.description)
            }
        } catch .refused(let refusals) {
            found.findings += refusals.map { "the path \($0.path) \($0.reason)" }
        } catch .tooLarge(let sentence) {
            found.findings.append(sentence)
        }
        return found
    }

    private static func firstLine(of message: String) -> String {
        String(message.prefix { $0 != "\n" }.prefix(200))
    }

    /// What is true of a blueprint while its job does not get on.
    static let blueprintInterrupted: @Sendable (Interruption) -> [StepFact] = { interruption in
        let (reason, message) =
            switch interruption.kind {
            case .retrying(let reason): ("Retrying", reason)
            case .waiting(let on): ("Waiting", "waiting for \(on)")
            case .stalled(let reason): ("Stalled", reason)
            case .cancelled: ("JobCancelled", "the job was cancelled")
            }
        let ready = StepFact.condition(
            type: "Ready",
            status: .false,
            reason: reason,
            message: "\(interruption.step): \(message)",
            generation: nil
        )
        if case .stalled = interruption.kind { return [ready, .blueprintPhase(.failed)] }
        return [ready]
    }
}

extension BlueprintManifest {
    fileprivate func offerings(
        in files: [SnapshotFile]
    ) -> Result<[OfferingBlueprint], RenderFault> {
        Result { () throws(RenderFault) in
            try OfferingBlueprint.all(of: self, in: files.map(BlueprintFile.init))
        }
    }
}

extension BlueprintSpec {
    /// The version that a tag stands for: the SemVer at the place of `*` in the pattern.
    fileprivate func version(ofTag tag: String) -> String? {
        let parts = tagPattern.split(
            separator: "*",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let before = parts.first, tag.hasPrefix(before) else { return nil }
        var rest = tag.dropFirst(before.count)
        if parts.count > 1 {
            guard rest.hasSuffix(parts[1]) else { return nil }
            rest = rest.dropLast(parts[1].count)
        }
        guard SemanticVersion(rest) != nil else { return nil }
        return String(rest.hasPrefix("v") ? rest.dropFirst() : rest)
    }
}
