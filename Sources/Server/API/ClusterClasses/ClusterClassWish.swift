package import Classes
package import Domain
import EventLoop
import JSON

/// What a caller wants of a cluster class, read from a body; the definition is checked, the
/// template is not read yet.
struct ClusterClassWish: Sendable {
    let labels: Labels
    let template: String
    /// Everything of the spec but the template, as it was sent.
    let document: JSON
    private let definition: ClassDefinition

    /// What entries of a blueprint have among the rest.
    private static let beside = ["name", "labels"]

    init?(_ reader: inout ObjectReader) {
        let labels = reader.labels()
        guard var members = reader.required("spec", Reading.object) else { return nil }
        let place = reader.pointer.appending("spec")
        let text = members["template"]
        members["template"] = nil
        for name in Self.beside where members[name] != nil {
            reader.refuse(
                at: place.appending(name),
                "unknown-member",
                "There is no such member in `spec`: `\(name)` stands beside it."
            )
            return nil
        }
        guard let template = Self.template(text, at: place, &reader) else { return nil }
        document = .object(members)
        do throws(ClassFault) {
            definition = try ClassDefinition(parsing: document)
        } catch {
            for finding in error.findings { reader.refuse(finding, in: place) }
            return nil
        }
        self.template = template
        self.labels = labels ?? Labels()
    }

    private static func template(
        _ value: JSON?,
        at place: JSONPointer,
        _ reader: inout ObjectReader
    ) -> String? {
        let place = place.appending("template")
        guard let value, !value.isNull else {
            reader.refuse(at: place, "missing", "Send the text of a `cluster-template.yaml`.")
            return nil
        }
        // The fault below says what is expected.
        guard let text = try? Reading.string(value) else {
            reader.refuse(at: place, "wrong-type", "Expected a string of YAML.")
            return nil
        }
        return text
    }

    /// What is found in the template, which takes a thread of the pool for a while.
    ///
    /// - Throws: `invalid-input` where it is no template at all; what it only lacks is part of the
    ///   findings.
    func findings(_ call: Invocation, generation: Int64) async throws -> ClusterClass.Findings {
        let place = try call.services.renderings.enter(for: call.tokenID)
        defer { withExtendedLifetime(place) {} }
        let (definition, template) = (definition, template)
        let result = try await call.services.pool.run {
            () -> Result<ClassReport, ClassFault> in
            do throws(ClassFault) {
                let template = try ClusterTemplate(parsing: Array(template.utf8))
                let renderer = ClassRenderer(definition: definition, template: template)
                return .success(renderer.report())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let report): return .init(report, generation: generation)
        case .failure(let fault): throw Problem(template: fault)
        }
    }
}

extension ClusterClass.Findings {
    /// The status of a class by what was found in it.
    package init(_ report: ClassReport, generation: Int64) {
        self.init(
            phase: report.isUsable ? .ready : .faulty,
            report: report.json.object ?? JSONObject(),
            generation: generation
        )
    }
}

extension ObjectReader {
    /// Records a finding about a definition that stands at `place`.
    fileprivate func refuse(_ finding: ClassFinding, in place: JSONPointer) {
        let tokens = finding.pointer.flatMap { JSONPointer(parsing: $0) }?.tokens ?? []
        refuse(
            at: JSONPointer(place.tokens + tokens),
            finding.code.rawValue,
            finding.message.asSentence
        )
    }
}

extension Problem {
    /// Why a template cannot be read.
    init(template fault: ClassFault) {
        self.init(
            .invalidInput,
            "The template cannot be read; see `errors`.",
            faults: fault.findings.prefix(Self.faultsMax).map { finding in
                Fault(
                    .body(JSONPointer(["spec", "template"])),
                    code: finding.code.rawValue,
                    detail: finding.description.asSentence
                )
            }
        )
    }
}

extension String {
    /// With a full stop at the end.
    fileprivate var asSentence: String { hasSuffix(".") ? self : "\(self)." }
}
