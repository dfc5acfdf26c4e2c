import CGit

/// libgit2 itself: started once, with every outside influence switched off.
enum Library {
    /// Bytes of the largest object that is read.
    private static let objectBytesMax = 1 << 30

    /// Starts the library on first use.
    static let isReady: Bool = {
        guard git_libgit2_init() > 0 else { return false }
        // Repositories lie in our own data directory, which another user may own when the server
        // runs as root; who may open one is decided before it gets here.
        var result = slipway_git_validate_owner(0)
        for level in [
            GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
            GIT_CONFIG_LEVEL_PROGRAMDATA,
        ] {
            result |= slipway_git_search_path(level.rawValue, "")
        }
        result |= slipway_git_object_size_max(objectBytesMax)
        // A commit is told to callers as made: it must survive a power cut.
        result |= slipway_git_synchronise(1)
        return result == 0
    }()
}

/// Owns one object of libgit2 and releases it when it goes away.
struct Handle: ~Copyable {
    let raw: OpaquePointer
    private let release: (OpaquePointer?) -> Void

    /// Fills in the pointer by a call of libgit2; `what` is how a message names the object.
    init(
        _ what: @autoclosure () -> String,
        release: @escaping (OpaquePointer?) -> Void,
        _ make: (inout OpaquePointer?) -> Int32
    ) throws(GitFault) {
        var raw: OpaquePointer?
        try check(make(&raw), what())
        guard let raw else { throw .failed("libgit2 returned nothing for \(what())") }
        self.raw = raw
        self.release = release
    }

    deinit {
        release(raw)
    }
}

/// Turns a result code of libgit2 into a fault.
func check(_ code: Int32, _ what: @autoclosure () -> String) throws(GitFault) {
    guard code < 0 else { return }
    switch git_error_code(rawValue: code) {
    case GIT_ENOTFOUND, GIT_EUNBORNBRANCH: throw .notFound(what())
    case GIT_EEXISTS: throw .exists(what())
    case GIT_EMODIFIED, GIT_ELOCKED: throw .moved(reference: what(), found: nil)
    default:
        let message = git_error_last().map { String(cString: $0.pointee.message) } ?? "no reason"
        throw .failed("\(what()): \(message)")
    }
}
