import Domain
import JSON

/// The folder of an offering, with its files by their paths below it.
struct OfferingFolder {
    let path: String
    private(set) var files: [String: BlueprintFile] = [:]
    private(set) var fault = RenderFault()

    /// Takes those of a blueprint's files that are in the folder.
    init(_ path: String, amongst all: [BlueprintFile]) {
        self.path = path
        for file in all where file.path.text.hasPrefix(path + "/") {
            if let own = file.below(path, &fault) { files[own.path.text] = own }
            if file.mode == RenderedFile.linkMode {
                let message = "is a link; an offering holds plain files only"
                fault.add(Finding(.badPath, file: file.path.text, message: message))
            }
        }
    }

    /// Whether there is anything of that part.
    func has(_ part: OfferingBlueprint.Part) -> Bool { files.keys.contains(where: part.holds) }

    /// The files of some parts, by their paths.
    func files(of parts: [OfferingBlueprint.Part]) -> [BlueprintFile] {
        files.filter { file in parts.contains { $0.holds(file.key) } }.map(\.value)
            .sorted { $0.path < $1.path }
    }
}

extension OfferingBlueprint {
    /// Reads the offerings of a blueprint; `files` holds at least those of their folders, each with
    /// its content.
    ///
    /// Throws everything that is wrong with any of them, with files and lines.
    package static func all(
        of blueprint: BlueprintManifest,
        in files: [BlueprintFile]
    ) throws(RenderFault) -> [OfferingBlueprint] {
        var fault = RenderFault()
        var offerings: [OfferingBlueprint] = []
        for path in blueprint.offeringFolders {
            let folder = OfferingFolder(path, amongst: files)
            fault.add(folder.fault)
            do throws(RenderFault) {
                let offering = try OfferingBlueprint(folder)
                let name = offering.offering.name
                if let other = offerings.first(where: { $0.offering.name == name }) {
                    let message = "`\(name)` is the name of the offering in `\(other.folder)/`"
                    fault.add(
                        Finding(.badManifest, file: "\(path)/\(fileName)", message: message)
                    )
                }
                offerings.append(offering)
            } catch {
                fault.add(error)
            }
        }
        guard fault.isEmpty else { throw fault }
        return offerings
    }

    private init(_ folder: OfferingFolder) throws(RenderFault) {
        let path = "\(folder.path)/\(Self.fileName)"
        guard let bytes = folder.files[Self.fileName]?.content else {
            let message = "the offering has no `\(path)`; add it, or mend the `path`"
            throw RenderFault(Finding(.badManifest, file: BlueprintManifest.path, message: message))
        }
        let names = OfferingValues.names + CredentialValues.names
        var reader = try ManifestReader(bytes, file: path, builtIns: names)
        let offering = reader.offering(in: folder)
        guard reader.fault.isEmpty, let offering else { throw reader.fault }
        self = offering
    }
}

extension ManifestReader {
    /// Complains about patterns that match no file of these parts, and about what the files use
    /// and nobody declares.
    mutating func checkFiles(
        of folder: OfferingFolder,
        _ parts: [OfferingBlueprint.Part],
        _ template: BlueprintManifest?,
        _ known: Set<String>
    ) {
        guard let template else { return }
        let files = folder.files(of: parts)
        if parts.contains(.service), !folder.has(.service) {
            add(base, "the offering has no file in `\(folder.path)/service/`; add some")
        }
        var globs = template.conditions.flatMap { $0.files.map { ("conditions", $0) } }
        if template.substitute != .all {
            let selected = template.substitute.included + template.substitute.excluded
            globs += selected.map { ("substitute", $0) }
        }
        for (key, glob) in globs where !files.contains(where: { glob.matches($0.path.text) }) {
            let folders = parts.map { "`\($0.rawValue)/`" }.joined(separator: " and ")
            add(
                base.appending(key),
                "no file of \(folders) matches the pattern `\(glob.text)`; mend or remove it"
            )
        }
        for file in files {
            checkUses(in: file, below: folder.path, template, known)
        }
    }

    private mutating func checkUses(
        in file: BlueprintFile,
        below folder: String,
        _ template: BlueprintManifest,
        _ known: Set<String>
    ) {
        let path = "\(folder)/\(file.path.text)"
        var found = RenderFault()
        var uses: [VariableUse] = []
        uses += Substitution.uses(in: Array(file.path.text.utf8), file: path, fault: &found) ?? []
        if template.takesSubstitution(file.path.text) {
            uses += Substitution.uses(in: file.content ?? [], file: path, fault: &found) ?? []
        }
        for use in uses where use.isUnknown(in: known) {
            found.add(
                Finding(
                    .undefinedVariable,
                    file: path,
                    line: use.line,
                    variable: use.name,
                    message: use.complaint(known: known)
                )
            )
        }
        take(found)
    }
}
