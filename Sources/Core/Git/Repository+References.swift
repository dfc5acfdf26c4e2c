import CGit
import Domain

extension Repository {
    private static var branchPrefix: String { "refs/heads/" }
    private static var tagPrefix: String { "refs/tags/" }

    /// The default branch, without `refs/heads/`.
    package func defaultBranch() throws(GitFault) -> String {
        let head = try Handle("HEAD", release: git_reference_free) { [raw] in
            git_reference_lookup(&$0, raw, "HEAD")
        }
        guard let target = git_reference_symbolic_target(head.raw) else {
            throw .failed("HEAD does not name a branch")
        }
        let name = String(cString: target)
        return name.hasPrefix(Self.branchPrefix)
            ? String(name.dropFirst(Self.branchPrefix.count)) : name
    }

    /// Makes a branch the default one.
    package func setDefaultBranch(_ branch: String) throws(GitFault) {
        let code = try changing { git_repository_set_head(raw, Self.branchPrefix + branch) }
        try check(code, "the branch \(branch)")
    }

    /// Where a reference points, peeled to a commit; nil when there is none.
    ///
    /// Takes full names (`refs/heads/main`), branch and tag names, and forty digits.
    package func commit(named name: String) throws(GitFault) -> ObjectID? {
        if let id = ObjectID(name) { return holds(id) ? id : nil }
        let candidates =
            name.hasPrefix("refs/")
            ? [name] : [Self.branchPrefix + name, Self.tagPrefix + name]
        for candidate in candidates {
            guard Self.isValid(candidate) else { continue }
            if let target = try target(of: candidate) { return try peel(target) }
        }
        return nil
    }

    /// What a reference points to, not peeled; nil when it does not exist.
    func target(of reference: String) throws(GitFault) -> ObjectID? {
        var id = git_oid()
        let code = git_reference_name_to_id(&id, raw, reference)
        if code == GIT_ENOTFOUND.rawValue { return nil }
        try check(code, reference)
        return ObjectID(id)
    }

    private static func isValid(_ name: String) -> Bool {
        var isValid: Int32 = 0
        return git_reference_name_is_valid(&isValid, name) == 0 && isValid == 1
    }

    /// The commit behind a tag or the commit itself; nil for anything else.
    private func peel(_ target: ObjectID) throws(GitFault) -> ObjectID? {
        var id = target.raw
        let object = try Handle("the object \(target)", release: git_object_free) { [raw] in
            git_object_lookup(&$0, raw, &id, GIT_OBJECT_ANY)
        }
        var peeled: OpaquePointer?
        guard git_object_peel(&peeled, object.raw, GIT_OBJECT_COMMIT) == 0, let peeled else {
            return nil
        }
        defer { git_object_free(peeled) }
        return git_object_id(peeled).map { ObjectID($0.pointee) }
    }

    /// All branches in the order of their names.
    package func branches() throws(GitFault) -> [Branch] {
        var branches: [Branch] = []
        for name in try names(matching: Self.branchPrefix) {
            guard let target = try target(of: Self.branchPrefix + name),
                let commit = try peel(target)
            else { continue }
            branches.append(Branch(name: name, commit: commit))
        }
        return branches
    }

    /// All tags that lead to a commit: versions first, newest first, then the others by name.
    package func tags() throws(GitFault) -> [Tag] {
        var tags: [Tag] = []
        for name in try names(matching: Self.tagPrefix) {
            guard let target = try target(of: Self.tagPrefix + name),
                let commit = try peel(target)
            else { continue }
            let annotation = annotation(of: target)
            tags.append(
                Tag(
                    name: name,
                    commit: commit,
                    version: SemanticVersion(name),
                    message: annotation?.message,
                    taggedSeconds: annotation?.seconds
                )
            )
        }
        return tags.sorted(by: Self.precedes)
    }

    private static func precedes(_ left: Tag, _ right: Tag) -> Bool {
        switch (left.version, right.version) {
        case (let mine?, let other?): (other, left.name) < (mine, right.name)
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left.name < right.name
        }
    }

    private func annotation(of target: ObjectID) -> (message: String, seconds: Int64?)? {
        var id = target.raw
        var tag: OpaquePointer?
        guard git_tag_lookup(&tag, raw, &id) == 0, let tag else { return nil }
        defer { git_tag_free(tag) }
        let message = git_tag_message(tag).map { String(cString: $0) } ?? ""
        return (message, git_tag_tagger(tag).map { $0.pointee.when.time })
    }

    /// The full names of all references.
    func references() throws(GitFault) -> [String] {
        try names(matching: "refs/").map { "refs/" + $0 }
    }

    /// Removes a reference, wherever it points.
    func remove(_ reference: String) throws(GitFault) {
        try check(try changing { git_reference_remove(raw, reference) }, reference)
    }

    private func names(matching prefix: String) throws(GitFault) -> [String] {
        let iterator = try Handle("the references", release: git_reference_iterator_free) { [raw] in
            git_reference_iterator_glob_new(&$0, raw, prefix + "*")
        }
        var names: [String] = []
        var name: UnsafePointer<CChar>?
        while true {
            let code = git_reference_next_name(&name, iterator.raw)
            if code == GIT_ITEROVER.rawValue { break }
            try check(code, "the references")
            guard let name else { break }
            guard names.count < limits.referencesMax else {
                throw .tooLarge("the repository has more than \(limits.referencesMax) references")
            }
            names.append(String(String(cString: name).dropFirst(prefix.count)))
        }
        return names.sorted()
    }

    /// Moves a reference, provided that it is where the caller believes (nil: does not exist yet).
    ///
    /// Throws `.moved` otherwise.
    package func move(
        _ reference: String,
        from expected: ObjectID?,
        to target: ObjectID
    ) throws(GitFault) {
        guard reference.hasPrefix("refs/"), Self.isValid(reference) else {
            throw .malformed("`\(reference)` is not the name of a reference")
        }
        let code = try changing { point(reference, from: expected, to: target) }
        switch git_error_code(rawValue: code) {
        case GIT_EMODIFIED, GIT_EEXISTS, GIT_ELOCKED, GIT_ENOTFOUND:
            throw .moved(reference: reference, found: try self.target(of: reference))
        default: try check(code, reference)
        }
    }

    private func point(
        _ reference: String,
        from expected: ObjectID?,
        to target: ObjectID
    ) -> Int32 {
        var id = target.raw
        var made: OpaquePointer?
        defer { git_reference_free(made) }
        guard let expected else { return git_reference_create(&made, raw, reference, &id, 0, nil) }
        var old = expected.raw
        return git_reference_create_matching(&made, raw, reference, &id, 1, &old, nil)
    }

    /// Removes a branch, provided that it is where the caller believes.
    package func removeBranch(_ name: String, at expected: ObjectID) throws(GitFault) {
        let reference = Self.branchPrefix + name
        let handle = try Handle(reference, release: git_reference_free) { [raw] in
            git_reference_lookup(&$0, raw, reference)
        }
        guard let target = git_reference_target(handle.raw),
            ObjectID(target.pointee) == expected
        else { throw .moved(reference: reference, found: try self.target(of: reference)) }
        // libgit2 compares with what was looked up: a branch that moves meanwhile stays.
        try check(try changing { git_reference_delete(handle.raw) }, reference)
    }

    /// Makes an annotated tag; no fault when the same tag is there already.
    package func tag(
        _ name: String,
        commit: ObjectID,
        message: String,
        by tagger: Signature
    ) throws(GitFault) {
        let reference = Self.tagPrefix + name
        let text = """
            object \(commit)
            type commit
            tag \(name)
            tagger \(tagger.line)

            \(message)

            """
        let id = try write(Array(text.utf8), as: .tag)
        guard try target(of: reference) != id else { return }
        try move(reference, from: nil, to: id)
    }
}
