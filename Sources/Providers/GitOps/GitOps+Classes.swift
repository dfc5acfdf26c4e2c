import Blueprints
import Classes
import Contract
import Domain
import Git
import JSON
import Rendering

extension GitOps {
    /// Publishes the cluster classes of the blueprint's default version.
    func publishClasses(_ context: StepContext) async throws(ProviderFault) -> Outcome {
        let blueprint = try await blueprint(context)
        let found = try await records.version(nil, of: blueprint.name)
        guard let version = found, let commit = ObjectID(version.commit) else { return .done }
        let result = try await asking { () async throws(GitFault) in
            try await git.open(layout.mirror(of: blueprint.name)) { repository throws(GitFault) in
                try Self.classes(of: commit, in: repository)
            }
        }
        var data = JSONObject()
        switch result {
        case .failure(let fault):
            // The rest of the blueprint is as good as before.
            for finding in fault.findings { context.log.warning("cluster classes: \(finding)") }
            data["faulty"] = .integer(fault.findings.count)
            return .done(Evidence(data))
        case .success(let classes):
            for made in classes { context.log.info("class \(made.name): \(made.phase.rawValue)") }
            data["classes"] = .integer(classes.count)
            return .done(Evidence(data, facts: [.classes(classes, version: version.version)]))
        }
    }

    private static func classes(
        of commit: ObjectID,
        in repository: borrowing Repository
    ) throws(GitFault) -> Result<[DiscoveredClass], ClassFault> {
        let manifest: BlueprintManifest
        switch try BlueprintRendering.manifest(in: repository, at: commit) {
        case .success(let found): manifest = found
        // Such a version is defective, and none is the default: nothing is known of its classes.
        case .failure(let fault):
            return .failure(ClassFault(ClassFinding(.badDefinition, fault.description)))
        }
        let entries: [BlueprintClass]
        do throws(ClassFault) {
            entries = try BlueprintClass.all(in: manifest)
        } catch {
            return .failure(error)
        }
        var classes: [DiscoveredClass] = []
        for entry in entries {
            var files: [[UInt8]] = []
            for path in entry.paths {
                // What is no path leads to no file.
                guard let place = try? RepositoryPath(parsing: path),
                    let bytes = try repository.file(place, of: commit)
                else {
                    let message = "the class \(entry.name) has no template at \(path)"
                    return .failure(ClassFault(ClassFinding(.badTemplate, message)))
                }
                files.append(bytes)
            }
            do throws(ClassFault) {
                classes.append(try DiscoveredClass(entry, BlueprintClass.template(of: files)))
            } catch {
                return .failure(error)
            }
        }
        return .success(classes)
    }
}

extension DiscoveredClass {
    /// A class of a blueprint with what is found in its template.
    fileprivate init(_ entry: BlueprintClass, _ template: [UInt8]) throws(ClassFault) {
        let report = ClassRenderer(
            definition: try ClassDefinition(parsing: entry.definition),
            template: try ClusterTemplate(parsing: template)
        ).report()
        self.init(
            name: entry.name,
            labels: entry.labels,
            definition: entry.definition.serialized(),
            template: String(decoding: template, as: UTF8.self),
            phase: report.isUsable ? .ready : .faulty,
            report: report.json.object ?? JSONObject()
        )
    }
}
