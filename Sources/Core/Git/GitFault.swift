/// Why a Git operation did not happen; each case tells the caller what can be done.
package enum GitFault: Error, Equatable, Sendable {
    /// The repository, reference or object is not there.
    case notFound(String)
    /// Something else is at that path already.
    case exists(String)
    /// The content is not taken: every offending path with its reason. Mend the repository.
    case refused([Refusal])
    /// A limit was reached; the sentence names it. Make the repository smaller.
    case tooLarge(String)
    /// The reference is no longer where the caller believed. Read again and redo.
    case moved(reference: String, found: ObjectID?)
    /// A three-way merge needs a person: the paths that both sides changed.
    case conflicts([String])
    /// Too much Git work at once. Come back later.
    case busy
    /// The deadline passed. Come back later.
    case timedOut
    /// The other side refused or broke off; the sentence is free of secrets.
    case remote(String)
    /// The other side does not let us in, or we do not know it by its key; the sentence is free of
    /// secrets. Renew the credential.
    case denied(String)
    /// The input is not what the protocol or the call asks for.
    case malformed(String)
    /// libgit2 or the file system failed in a way no case above describes.
    case failed(String)

    /// The fault as a sentence for people.
    package var sentence: String {
        switch self {
        case .notFound(let what): "\(what) is not there"
        case .exists(let what): "\(what) exists already"
        case .refused(let refusals):
            refusals.map { "\($0.path) \($0.reason)" }.joined(separator: "; ")
        case .tooLarge(let sentence), .remote(let sentence), .denied(let sentence),
            .malformed(let sentence), .failed(let sentence):
            sentence
        case .moved(let reference, let found):
            "\(reference) has moved to \(found?.hex ?? "nothing")"
        case .conflicts(let paths):
            "both sides changed \(paths.joined(separator: ", "))"
        case .busy: "too much Git work is under way"
        case .timedOut: "the Git operation did not end in time"
        }
    }
}

/// One path of a repository that is not taken, and why.
package struct Refusal: Equatable, Sendable {
    /// The path as far as it can be shown: control characters and broken text are replaced.
    package let path: String
    /// The end of the sentence that starts with the path.
    package let reason: String

    /// A path with the reason against it.
    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
