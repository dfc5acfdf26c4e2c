package import JSON
import YAML

/// What the manifests of one file come to.
package struct ManifestReport: Sendable, Equatable {
    /// Bytes of a file that is looked at: 1 MiB.
    package static let bytesMax = 1 << 20
    /// Documents of a file that are looked at.
    static let documentsMax = 200
    /// Findings that are kept of one file.
    static let findingsMax = 100

    /// Something that a rule found.
    package struct Finding: Sendable, Equatable {
        /// Which question.
        package let check: ManifestCheck
        /// The line, from 1.
        package let line: Int
        /// Of which object, and what to do.
        package let detail: String
    }

    /// How many workloads the file has.
    package private(set) var workloads = 0
    /// What is wrong with them.
    package private(set) var findings: [Finding] = []

    /// Looks at a file; what is no YAML, or no manifest, has no workloads.
    package init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax else { return }
        for part in YAMLParts(of: bytes, upTo: Self.documentsMax).parts {
            guard let document = Self.document(part), let workload = Workload(document.value)
            else { continue }
            workloads += 1
            let name = document.value["metadata"]?["name"]?.string ?? "-"
            for check in ManifestCheck.allCases {
                for (place, detail) in workload.findings(in: check) {
                    guard findings.count < Self.findingsMax else { return }
                    findings.append(
                        Finding(
                            check: check,
                            line: document.line(near: place) ?? part.line,
                            detail: "\(workload.kind) \(name): \(detail)"
                        )
                    )
                }
            }
        }
    }

    /// Nil for templates of other tools, which are no YAML until they are filled in.
    private static func document(_ part: YAMLParts.Part) -> YAMLDocument? {
        do throws(YAMLFault) {
            return try YAMLDocument(
                parsing: part.bytes,
                anchors: .resolved,
                fromLine: part.line
            )
        } catch {
            return nil
        }
    }

    /// Reads what `write` wrote.
    package init(reading value: JSON) {
        workloads = value["workloads"]?.int ?? 0
        findings = (value["findings"]?.array ?? []).compactMap { value in
            guard let check = value["check"]?.string.flatMap(ManifestCheck.init(rawValue:)) else {
                return nil
            }
            return Finding(
                check: check,
                line: value["line"]?.int ?? 1,
                detail: value["detail"]?.string ?? ""
            )
        }
    }

    /// The report as it is stored.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("workloads", workloads)
            writer.key("findings")
            writer.array(findings) { writer, finding in
                writer.object { writer in
                    writer.member("check", finding.check.rawValue)
                    writer.member("line", finding.line)
                    writer.member("detail", finding.detail)
                }
            }
        }
    }
}

extension Workload {
    func findings(in check: ManifestCheck) -> [(JSONPointer, String)] { check.findings(in: self) }
}

extension YAMLDocument {
    /// The line of a value, or of the closest one around it that is there.
    fileprivate func line(near pointer: JSONPointer) -> Int? {
        var tokens = pointer.tokens
        while true {
            if let place = place(of: JSONPointer(tokens)) { return place.line }
            guard !tokens.isEmpty else { return nil }
            tokens.removeLast()
        }
    }
}
