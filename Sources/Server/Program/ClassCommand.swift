import ArgumentParser
import Classes
import Domain
import JSON
import YAML

/// `slipway class`: what a published template would be as a cluster class, without a server.
struct ClassCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "class",
        abstract: "Look at a published cluster template as a cluster class, and render it.",
        subcommands: [Check.self, Render.self, Schema.self]
    )

    /// Which class is meant.
    struct Source: ParsableArguments {
        @Argument(help: "The template: a cluster-template.yaml as published for clusterctl.")
        var file: String

        @Option(help: "What the platform says of it: YAML or JSON as in docs/cluster-classes.md.")
        var definition: String?

        @Option(name: .customLong("set"), help: "A value for a variable: NAME=VALUE. Repeatable.")
        var values: [String] = []

        /// The class, with the values over its own.
        func renderer() throws -> ClassRenderer {
            var definition = ClassDefinition()
            if let file = self.definition {
                let bytes = try TextFile.read(file, bytesMax: ClusterClass.definitionBytesMax)
                definition = try Self.explaining(file) {
                    try ClassDefinition(parsing: try YAML.parse(bytes))
                }
            }
            for value in values {
                let parts = value.split(separator: "=", maxSplits: 1)
                guard parts.count > 0, value.contains("=") else {
                    throw ValidationError("--set takes NAME=VALUE, not \(value)")
                }
                definition.variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            }
            let bytes = try TextFile.read(file, bytesMax: ClusterTemplate.bytesMax)
            let template = try Self.explaining(file) { try ClusterTemplate(parsing: bytes) }
            return ClassRenderer(definition: definition, template: template)
        }

        static func explaining<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
            do {
                return try body()
            } catch {
                throw StartFault("\(file) cannot be used:\n\(error)")
            }
        }
    }
}

extension ClassCommand {
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema of what the platform says of a class."
        )

        func run() {
            print(String(decoding: ClassSchema.document.serialized(), as: UTF8.self))
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a template's variables, pools and sizes, and what it lacks."
        )

        @OptionGroup var source: Source

        @Flag(help: "Print JSON, as the API shows it in a class's status.")
        var json = false

        func run() throws {
            let report = try source.renderer().report()
            if json {
                print(String(decoding: report.json.serialized(), as: UTF8.self))
            } else {
                for line in Self.lines(report) { print(line) }
            }
            guard report.isUsable else { throw ExitCode.failure }
        }

        /// The report as people read it.
        private static func lines(_ report: ClassReport) -> [String] {
            var lines = [
                "provider        \(report.provider ?? "unknown")",
                "Cluster API     \(report.coreVersion ?? "unknown")"
                    + (report.isTopology ? ", topology" : ""),
                "control plane   \(report.controlPlaneKind.isEmpty ? "-" : report.controlPlaneKind)"
                    + (report.hasControlPlaneReplicas ? ", scalable" : ""),
            ]
            for pool in report.pools {
                lines.append("node pool       \(pool.name) (\(pool.kind) of \(pool.machineKind))")
            }
            for (name, value) in report.sizes.sorted(by: { $0.key < $1.key }) {
                let text = String(decoding: value.serialized(), as: UTF8.self)
                lines.append("size            \(name) = \(text)")
            }
            for variable in report.variables {
                let defaults = variable.defaults.map { "`\($0)`" }.joined(separator: " or ")
                let need =
                    report.missing.contains(variable.name)
                    ? "needs a value"
                    : variable.defaults.isEmpty ? "set by Slipway or the class" : "or \(defaults)"
                let places = variable.lines.prefix(5).map(String.init).joined(separator: ", ")
                lines.append("variable        \(variable.name): \(need) (line \(places))")
            }
            return lines + report.findings.map { "\($0.code.rawValue): \($0)" }
        }
    }

    struct Render: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the manifests of one cluster of a class."
        )

        @OptionGroup var source: Source

        @Option(help: "The tenant.")
        var tenant = "acme"

        @Option(help: "The cluster's name.")
        var name = "main"

        @Option(help: "The Kubernetes version, such as 1.34.2.")
        var kubernetesVersion: String?

        @Option(help: "The version of the nodes, where the control plane goes first.")
        var workersVersion: String?

        @Option(help: "Where the cluster is.")
        var region: String?

        @Option(help: "Machines of the control plane.")
        var controlPlaneReplicas: Int?

        @Option(
            name: .customLong("pool"),
            help: """
                A node pool: NAME[,size=small][,count=3 | ,min=1,max=5][,label=K=V]\
                [,taint=K=V:NoSchedule]. Repeatable; the template's own pools if absent.
                """
        )
        var pools: [String] = []

        @Flag(help: "Without node pools.")
        var noPools = false

        @Flag(help: "As it is while the cluster is paused.")
        var paused = false

        func run() throws {
            let rendering = try ClassCommand.Source.explaining(source.file) {
                try source.renderer().render(try wish())
            }
            for object in rendering.objects {
                print("---")
                let text = YAML.text(.object(object.json))
                print(String(decoding: text, as: UTF8.self), terminator: "")
            }
            for finding in rendering.findings { Self.remark("\(finding)") }
        }

        private func wish() throws -> ClassWish {
            let tenantName = try Self.name(tenant, TenantName.self)
            let clusterName = try Self.name(name, ClusterName.self)
            return ClassWish(
                slug: ClusterSlug(tenant: tenantName, cluster: clusterName),
                tenant: tenant,
                cluster: name,
                clusterID: "00000000-0000-7000-8000-000000000000",
                kubernetesVersion: kubernetesVersion,
                workersVersion: workersVersion,
                region: region,
                controlPlaneReplicas: controlPlaneReplicas,
                nodePools: noPools ? [] : pools.isEmpty ? nil : try pools.map(PoolArgument.pool),
                isPaused: paused
            )
        }

        private static func name<Thing>(
            _ text: String,
            _: ResourceName<Thing>.Type
        ) throws -> ResourceName<Thing> {
            do {
                return try ResourceName<Thing>(parsing: text)
            } catch {
                throw ValidationError("\(text) is no name: \(error)")
            }
        }

        /// What is no manifest goes where manifests are not looked for.
        private static func remark(_ text: String) {
            TextFile.writeToStandardError("# \(text)\n")
        }
    }
}
