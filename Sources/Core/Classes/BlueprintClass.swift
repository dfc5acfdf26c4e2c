package import Blueprints
package import Domain
package import JSON

/// A cluster class as a blueprint brings it: an entry of `clusterClasses`.
package struct BlueprintClass: Sendable, Equatable {
    /// The class's name.
    package let name: ClusterClassName
    /// What selectors find the class by.
    package let labels: Labels
    /// Where the template is in the blueprint: one file, or several that belong together, such as
    /// a topology and its ClusterClass.
    package let paths: [String]
    /// What the platform says of it, ready to be kept.
    package let definition: JSON

    /// The classes of a blueprint, in their order.
    ///
    /// - Throws: everything that is wrong with any of them, with pointers into `blueprint.yaml`.
    package static func all(
        in manifest: BlueprintManifest
    ) throws(ClassFault) -> [BlueprintClass] {
        var fault = ClassFault()
        var classes: [BlueprintClass] = []
        for (index, entry) in manifest.clusterClasses.enumerated() {
            let pointer = "/clusterClasses/\(index)"
            do throws(ClassFault) {
                let found = try BlueprintClass(entry, at: pointer)
                if classes.contains(where: { $0.name == found.name }) {
                    let message = "the class \(found.name) is there twice; keep one"
                    fault.add(ClassFinding(.badDefinition, pointer: pointer + "/name", message))
                }
                classes.append(found)
            } catch {
                for finding in error.findings { fault.add(finding.below(pointer)) }
            }
        }
        guard fault.findings.isEmpty else { throw fault }
        return classes
    }

    private init(_ entry: JSON, at pointer: String) throws(ClassFault) {
        _ = try ClassDefinition(parsing: entry)
        do throws(NameFault) {
            name = try ClusterClassName(parsing: entry["name"]?.string ?? "")
        } catch {
            let message = "a class has a `name` of lower-case letters, digits and `-`"
            throw ClassFault(ClassFinding(.badDefinition, pointer: "/name", message))
        }
        labels = try Self.labels(entry["labels"]?.object ?? JSONObject())
        paths = BlueprintManifest.templatePaths(of: entry)
        guard !paths.isEmpty else {
            let message = "a class has a `template`: the path of a file of the blueprint"
            throw ClassFault(ClassFinding(.badDefinition, pointer: "/template", message))
        }
        var members = entry.object ?? JSONObject()
        members["name"] = Optional.none
        members["labels"] = Optional.none
        members["template"] = Optional.none
        definition = .object(members)
    }

    private static func labels(_ members: JSONObject) throws(ClassFault) -> Labels {
        do throws(LabelFaults) {
            return try Labels(parsing: members.map { ($0.key, $0.value.string ?? "") })
        } catch {
            var fault = ClassFault()
            for entry in error.entries {
                let pointer = JSONPointer(["labels"] + [entry.key].compactMap(\.self)).description
                let message = "a class has labels by the rules of Kubernetes: \(entry.fault)"
                fault.add(ClassFinding(.badDefinition, pointer: pointer, message))
            }
            throw fault
        }
    }

    /// The template, from the content of its files in their order.
    package static func template(of files: [[UInt8]]) -> [UInt8] {
        Array(files.joined(separator: Array("\n---\n".utf8)))
    }
}

extension ClassFinding {
    /// The same finding with its pointer below another.
    fileprivate func below(_ prefix: String) -> ClassFinding {
        ClassFinding(
            code,
            line: line,
            variable: variable,
            pointer: prefix + (pointer ?? ""),
            message
        )
    }
}
