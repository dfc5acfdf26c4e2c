package import Domain
package import JSON

/// One file of a blueprint.
package struct BlueprintFile: Sendable {
    /// Where it is in the blueprint.
    package let path: RepositoryPath
    /// What it is: `100644`, `100755` or a link, kept as it is.
    package let mode: String
    /// What the repository calls its content; goes through unchanged.
    package let identity: String
    /// Its content; must be known for files that take substitution.
    package let content: [UInt8]?

    /// A file of a blueprint.
    package init(path: RepositoryPath, mode: String, identity: String, content: [UInt8]?) {
        self.path = path
        self.mode = mode
        self.identity = identity
        self.content = content
    }

    /// The file as it is called below a folder that it is in; nil, and a finding, where that is no
    /// path.
    func below(_ folder: String, _ fault: inout RenderFault) -> BlueprintFile? {
        let text = String(path.text.dropFirst(folder.utf8.count + 1))
        do throws(PathFault) {
            return BlueprintFile(
                path: try RepositoryPath(parsing: text),
                mode: mode,
                identity: identity,
                content: content
            )
        } catch {
            fault.add(Finding(.badPath, file: path.text, message: error.reason))
            return nil
        }
    }
}

/// A blueprint at one version, ready to be rendered.
///
/// A pure value: no clock, no disk, no network.
package struct BlueprintTemplate: Sendable {
    /// The manifest of the version.
    package let manifest: BlueprintManifest
    /// All files of the version in the order of their paths, the manifest included.
    package let files: [BlueprintFile]

    /// Bytes of one variable's value.
    package static let valueBytesMax = 64 << 10
    /// Bytes of all rendered files together.
    package static let outputBytesMax = 64 << 20
    /// The folder in which Slipway keeps its record.
    package static let recordFolder = ".slipway"

    /// A version with its files in any order.
    package init(manifest: BlueprintManifest, files: [BlueprintFile]) {
        self.manifest = manifest
        self.files = files.sorted { $0.path < $1.path }
    }

    /// Fills in defaults, checks the parameters and renders every file.
    ///
    /// Throws everything that keeps it from being rendered, at once.
    package func render(
        parameters: JSON,
        builtIns: BuiltIns
    ) throws(RenderFault) -> RenderedTree {
        try render(parameters: parameters, values: builtIns.values)
    }

    /// The same with the built-in values by their names.
    func render(
        parameters: JSON,
        values: [String: String]
    ) throws(RenderFault) -> RenderedTree {
        var rendering = Rendering(self, parameters: parameters, builtIns: values)
        return try rendering.run()
    }

    /// The values of all variables, once the parameters are complete and checked.
    func values(for parameters: JSON, builtIns: [String: String]) -> [String: String] {
        Rendering(self, parameters: parameters, builtIns: builtIns).values
    }

    /// What fills texts outside the files, once the parameters are complete and checked.
    func substitution(for parameters: JSON, builtIns: [String: String]) -> Substitution {
        Rendering(self, parameters: parameters, builtIns: builtIns).substitution
    }
}

/// One rendering under way.
private struct Rendering {
    private let template: BlueprintTemplate
    private let parameters: JSON
    let values: [String: String]
    let substitution: Substitution
    private var fault: RenderFault
    private var files: [RenderedFile] = []
    private var removed: [RepositoryPath] = []
    private var sources: [String: RepositoryPath] = [:]
    private var folders: [String: RepositoryPath] = [:]
    private var outputBytes = 0

    init(_ template: BlueprintTemplate, parameters: JSON, builtIns: [String: String]) {
        self.template = template
        var fault = RenderFault()
        let schema = template.manifest.parameters
        let complete = schema.fillingDefaults(in: parameters)
        fault.add(parameters: schema.validate(complete))
        self.parameters = complete
        values = Self.values(template.manifest, complete, builtIns, &fault)
        substitution = Substitution(values: values)
        self.fault = fault
    }

    private static func values(
        _ manifest: BlueprintManifest,
        _ parameters: JSON,
        _ builtIns: [String: String],
        _ fault: inout RenderFault
    ) -> [String: String] {
        var values = builtIns
        for (name, pointer) in manifest.variables.sorted(by: { $0.key < $1.key }) {
            guard let value = parameters.value(at: pointer), !value.isNull else { continue }
            let text = value.string ?? value.text
            if text.utf8.count > BlueprintTemplate.valueBytesMax {
                fault.add(
                    Finding(
                        .badParameter,
                        variable: name,
                        pointer: pointer.description,
                        message: "must not be longer than 64 KiB"
                    )
                )
            } else if text.utf8.contains(0) {
                fault.add(
                    Finding(
                        .badParameter,
                        variable: name,
                        pointer: pointer.description,
                        message: "must not hold the character U+0000"
                    )
                )
            } else {
                values[name] = text
            }
        }
        return values
    }

    mutating func run() throws(RenderFault) -> RenderedTree {
        checkPatterns()
        for file in template.files where !template.manifest.isOwn(file.path.text) {
            render(file)
        }
        guard fault.isEmpty else { throw fault }
        return RenderedTree(
            parameters: parameters,
            files: files.sorted { $0.path < $1.path },
            removed: removed,
            sources: template.files
        )
    }

    /// A pattern that matches nothing is most likely a typo.
    private mutating func checkPatterns() {
        let manifest = template.manifest
        var globs = manifest.conditions.flatMap(\.files)
        if manifest.substitute != .all {
            globs += manifest.substitute.included + manifest.substitute.excluded
        }
        for glob in globs where !template.files.contains(where: { glob.matches($0.path.text) }) {
            fault.add(
                Finding(
                    .badManifest,
                    file: BlueprintManifest.path,
                    message: "no file matches the pattern `\(glob.text)`; mend or remove it"
                )
            )
        }
        for environment in manifest.environments
        where !template.files.contains(where: { environment.holds($0.path.text) }) {
            fault.add(environment.isEmpty)
        }
    }

    private mutating func render(_ file: BlueprintFile) {
        let source = file.path.text
        let conditions = template.manifest.conditions.filter { condition in
            condition.files.contains { $0.matches(source) }
        }
        guard conditions.allSatisfy({ $0.holds(for: parameters) }) else {
            removed.append(file.path)
            return
        }
        let path = substitution.expand(source, file: source, fault: &fault)
        let content = content(of: file)
        guard let path, let content, let checked = check(path, of: file) else { return }
        files.append(
            RenderedFile(path: checked, source: file.path, mode: file.mode, content: content)
        )
    }

    private mutating func content(of file: BlueprintFile) -> RenderedFile.Content? {
        let source = file.path.text
        let isFile = file.mode != RenderedFile.linkMode
        guard isFile, template.manifest.takesSubstitution(source) else {
            return .unchanged(file.identity)
        }
        guard let before = file.content else {
            fault.add(
                Finding(
                    .missingContent,
                    file: source,
                    message: "the file is too large to take substitution; take it out with "
                        + "`!\(source)` under `substitute`"
                )
            )
            return nil
        }
        guard UnifiedDiff.isText(before), before.contains(.dollar) else {
            return .unchanged(file.identity)
        }
        guard let after = substitution.expand(before, file: source, fault: &fault) else {
            return nil
        }
        outputBytes += after.count
        guard outputBytes <= BlueprintTemplate.outputBytesMax else {
            fault.add(
                Finding(.limit, file: source, message: "the rendered files exceed 64 MiB together")
            )
            outputBytes = 0
            return nil
        }
        return after == before ? .unchanged(file.identity) : .rendered(after)
    }

    /// Checks a path again after substitution: a value may hold anything.
    private mutating func check(_ text: String, of file: BlueprintFile) -> RepositoryPath? {
        let path: RepositoryPath
        do throws(PathFault) {
            path = try RepositoryPath(parsing: text)
        } catch {
            add(.badPath, file, "becomes a path that \(error.reason)")
            return nil
        }
        guard path.components.first?.lowercased() != BlueprintTemplate.recordFolder else {
            add(.pathTaken, file, "lies in `.slipway`, which is kept for Slipway's own record")
            return nil
        }
        guard sources[text] == nil, folders[text] == nil else {
            add(.pathTaken, file, "becomes `\(text)`, which another file or folder has already")
            return nil
        }
        var folder = ""
        for component in path.components.dropLast() {
            folder += folder.isEmpty ? String(component) : "/\(component)"
            guard sources[folder] == nil else {
                add(.pathTaken, file, "needs the folder `\(folder)`, which is a file already")
                return nil
            }
            folders[folder] = file.path
        }
        sources[text] = file.path
        return path
    }

    private mutating func add(_ code: Finding.Code, _ file: BlueprintFile, _ message: String) {
        fault.add(Finding(code, file: file.path.text, message: message))
    }
}
