package import JSON

/// What one roll-out changes against the one before it.
package struct DeploymentDifference: Sendable, Hashable {
    /// One thing that is not as it was.
    package struct Change: Sendable, Hashable {
        /// What it is called.
        package var name: String
        /// What it was; nil where it is new.
        package var before: String?
        /// What it is; nil where it is gone.
        package var after: String?

        /// That name with those values.
        package init(name: String, before: String?, after: String?) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    /// The roll-out before; nil for the first.
    package var base: DeploymentID?
    /// The commit, where it changes.
    package var revision: Change?
    /// The images that change, by name.
    package var images: [Change]
    /// The names of the parameters that change; their values may say more than everybody may see.
    package var parameters: [String]
    /// The dependencies that change, by what the template knows them by.
    package var dependencies: [String]

    /// What these changes make.
    package init(
        base: DeploymentID?,
        revision: Change? = nil,
        images: [Change] = [],
        parameters: [String] = [],
        dependencies: [String] = []
    ) {
        self.dependencies = dependencies
        self.base = base
        self.revision = revision
        self.images = images
        self.parameters = parameters
    }

    /// Whether nothing changes.
    package var isEmpty: Bool {
        revision == nil && images.isEmpty && parameters.isEmpty && dependencies.isEmpty
    }
}

/// Everything that a roll-out puts into an environment.
package struct DeploymentContent: Sendable, Hashable {
    /// What was built; nil where nobody said.
    package var source: EnvironmentSource?
    /// The images.
    package var images: EnvironmentImages
    /// The template that it is made from.
    package var template: EnvironmentTemplateName
    /// What the template's parameters are set to.
    package var parameters: JSONObject
    /// What it takes values of.
    package var dependencies: [EnvironmentDependency]

    /// What those parts make.
    package init(
        source: EnvironmentSource?,
        images: EnvironmentImages,
        template: EnvironmentTemplateName,
        parameters: JSONObject,
        dependencies: [EnvironmentDependency] = []
    ) {
        self.dependencies = dependencies
        self.source = source
        self.images = images
        self.template = template
        self.parameters = parameters
    }

    /// What is not as it was.
    package func difference(
        from before: DeploymentContent?,
        of base: DeploymentID?
    ) -> DeploymentDifference {
        let old = before?.images ?? EnvironmentImages()
        let imageNames = Set(old.all.map(\.name) + images.all.map(\.name)).sorted()
        let revisions = (before?.source?.revision, source?.revision)
        let parametersBefore = before?.parameters ?? JSONObject()
        let names = Set(Array(parametersBefore.keys) + parameters.keys).sorted()
        return DeploymentDifference(
            base: base,
            revision: revisions.0 == revisions.1
                ? nil
                : DeploymentDifference.Change(
                    name: "revision",
                    before: revisions.0,
                    after: revisions.1
                ),
            images: imageNames.compactMap { name in
                guard old[name] != images[name] else { return nil }
                return DeploymentDifference.Change(
                    name: name,
                    before: old[name],
                    after: images[name]
                )
            },
            parameters: names.filter { parametersBefore[$0] != parameters[$0] },
            dependencies: Set(before?.dependencies ?? []).symmetricDifference(dependencies)
                .reduce(into: Set()) { $0.insert($1.name.text) }.sorted()
        )
    }
}
