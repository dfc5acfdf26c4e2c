package import JSON

/// What a tenant's repository says about where it comes from: the file `.slipway/blueprint.json`.
///
/// Blueprint, version, commit, parameters and built-in values are all that is needed to render the
/// same files again, which is the base of a later three-way merge.
package struct BlueprintRecord: Sendable, Equatable {
    /// Where the file is.
    package static let path = "\(BlueprintTemplate.recordFolder)/blueprint.json"

    /// The blueprint's name in Slipway.
    package var blueprint: String
    /// The version that was rendered, as its tag or branch says.
    package var version: String
    /// The blueprint's commit that was rendered.
    package var commit: String
    /// The parameters, complete.
    package var parameters: JSON
    /// The built-in values.
    package var builtIns: BuiltIns

    /// A record of these values.
    package init(
        blueprint: String,
        version: String,
        commit: String,
        parameters: JSON,
        builtIns: BuiltIns
    ) {
        self.blueprint = blueprint
        self.version = version
        self.commit = commit
        self.parameters = parameters
        self.builtIns = builtIns
    }

    /// Reads the file; nil when it is not such a record.
    package init?(parsing bytes: [UInt8]) {
        // Anyone who may push can break the file: no record is as good as a broken one.
        guard let value = try? JSON.parse(bytes), value["kind"] == .string("BlueprintRecord"),
            let blueprint = value["blueprint"]?.string, let version = value["version"]?.string,
            let commit = value["commit"]?.string, let parameters = value["parameters"],
            let tenant = value["builtIns"]?["TENANT"]?.string,
            let cluster = value["builtIns"]?["CLUSTER_NAME"]?.string,
            let url = value["builtIns"]?["REPOSITORY_URL"]?.string,
            let branch = value["builtIns"]?["REPOSITORY_BRANCH"]?.string
        else { return nil }
        self.init(
            blueprint: blueprint,
            version: version,
            commit: commit,
            parameters: parameters,
            builtIns: BuiltIns(
                tenant: tenant,
                clusterName: cluster,
                repositoryURL: url,
                branch: branch,
                blueprint: blueprint,
                version: version
            )
        )
    }

    /// The file's bytes: the same for the same record, one parameter a line.
    package var bytes: [UInt8] {
        var text = "{\n"
        text += "  \"apiVersion\": \"\(BlueprintManifest.apiVersion)\",\n"
        text += "  \"kind\": \"BlueprintRecord\",\n"
        text += "  \"note\": \"Written by Slipway. Do not edit: upgrades start from it.\",\n"
        text += "  \"blueprint\": \(JSON.string(blueprint).text),\n"
        text += "  \"version\": \(JSON.string(version).text),\n"
        text += "  \"commit\": \(JSON.string(commit).text),\n"
        text += "  \"parameters\": " + Self.lines(parameters) + ",\n"
        let values = builtIns.values.filter { !$0.key.hasPrefix("BLUEPRINT_") }
        var members = JSONObject()
        for (name, value) in values { members[name] = .string(value) }
        text += "  \"builtIns\": " + Self.lines(.object(members)) + "\n}\n"
        return Array(text.utf8)
    }

    private static func lines(_ value: JSON) -> String {
        guard let object = value.object, !object.isEmpty else {
            return String(decoding: value.canonical(), as: UTF8.self)
        }
        let members = object.members.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        let lines = members.map { member in
            let value = String(decoding: member.value.canonical(), as: UTF8.self)
            return "    \(JSON.string(member.key).text): \(value)"
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n  }"
    }
}
