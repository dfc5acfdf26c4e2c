import Contract
import Domain
import JSON

/// What a job that rolls out goes by: decided in its first step and kept as its findings, so that
/// every later attempt, also in another process, works towards the same.
struct ResolvedEnvironment: Sendable, Equatable {
    /// The cluster.
    var cluster: ClusterName
    /// The namespace there.
    var namespace: String
    /// The host name at which it answers.
    var host: String
    /// The blueprint whose template it is made from.
    var blueprint: BlueprintName
    /// The commit of the blueprint.
    var commit: String
    /// What it takes of the environments that it depends on.
    var taken: [TakenDependency]
    /// When the roll-out counts as failed.
    var deadline: Instant

    /// What the step keeps.
    var findings: JSONObject {
        [
            "cluster": .string(cluster.text), "namespace": .string(namespace),
            "host": .string(host), "blueprint": .string(blueprint.text),
            "commit": .string(commit), "deadline": .string(deadline.description),
            "taken": .array(taken.map(JSON.init)),
        ]
    }
}

extension ResolvedEnvironment {
    /// Reads what the first step kept; nil where it has found that there is nothing to do.
    init?(reading findings: JSON?) throws(ProviderFault) {
        guard let findings else { throw Self.lost }
        guard findings["idle"]?.bool != true else { return nil }
        do {
            guard let cluster = findings["cluster"]?.string,
                let namespace = findings["namespace"]?.string, let host = findings["host"]?.string,
                let blueprint = findings["blueprint"]?.string,
                let commit = findings["commit"]?.string,
                let deadline = findings["deadline"]?.string
            else { throw Self.lost }
            self.init(
                cluster: try ClusterName(parsing: cluster),
                namespace: namespace,
                host: host,
                blueprint: try BlueprintName(parsing: blueprint),
                commit: commit,
                taken: (findings["taken"]?.array ?? []).compactMap(TakenDependency.init(reading:)),
                deadline: try Instant(parsing: deadline)
            )
        } catch {
            throw Self.lost
        }
    }

    private static let lost = ProviderFault.refused(
        reason: "the first step left no target; cancel and try anew"
    )
}

extension JSON {
    /// What was taken of another environment, as the step keeps it.
    fileprivate init(_ taken: TakenDependency) {
        var writer = JSONWriter(reserving: 512)
        taken.write(to: &writer)
        // What the writer writes is JSON.
        self = (try? JSON.parse(writer.finish())) ?? .null
    }
}

/// What a job about an environment was asked to do.
struct EnvironmentTask: Sendable {
    /// The generation of the spec.
    let generation: Int64
    /// The spec.
    let spec: EnvironmentSpec
    /// The roll-out; nil for a job that does none.
    let deployment: DeploymentID?
    /// Which roll-out it is, from 1.
    let number: Int64
    /// What is rolled out.
    let content: DeploymentContent

    /// Reads the input of the job.
    init(reading input: JSON) throws(ProviderFault) {
        do {
            let spec = try EnvironmentSpec(reading: input["spec"] ?? .null)
            let record = input["deployment"]
            generation = Int64(input["generation"]?.int ?? 0)
            self.spec = spec
            deployment = try (record?["id"]?.string).map { try DeploymentID(parsing: $0) }
            number = Int64(record?["number"]?.int ?? 0)
            content =
                deployment == nil
                ? spec.content : try DeploymentContent(reading: record ?? .null)
        } catch {
            throw .refused(reason: "the job says nothing that can be done; cancel and try anew")
        }
    }
}
