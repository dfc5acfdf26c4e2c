import Glibc

/// The surroundings of every `git` child: one configuration file of ours, and nothing of the
/// machine's or a user's.
struct GitHome: Sendable {
    /// The folder that holds the file.
    let path: String
    let limits: GitLimits

    /// How long a child may go without a byte before curl gives up, in seconds.
    private static let silenceSeconds = 30

    var configurationPath: String { "\(path)/gitconfig" }
    private var hooks: String { "\(path)/hooks" }
    private var knownHosts: String { "\(path)/known_hosts.d" }

    /// Writes the file and the hooks; what says the same already is left as it is.
    func prepare() throws(GitFault) {
        try Disk.makeFolders(hooks, mode: 0o700)
        // Written anew by whoever needs them: what forges no longer say is not kept.
        try Disk.removeFolder(knownHosts)
        try Disk.replace(configurationPath, with: configuration, mode: 0o600)
        try Disk.replace("\(hooks)/pre-receive", with: preReceiveHook, mode: 0o700)
        try Disk.replace("\(hooks)/update", with: Self.updateHook, mode: 0o700)
    }

    /// What every child sees, and nothing else.
    func environment(protocols: String = "file") -> [String: String] {
        let search = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        return [
            "PATH": search,
            "HOME": path,
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": configurationPath,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "/bin/false",
            "SSH_ASKPASS": "/bin/false",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_ALLOW_PROTOCOL": protocols,
            "GIT_SSH_COMMAND": sshCommand,
        ]
    }

    /// What a child sees that speaks with that other side.
    func environment(for source: FetchSource) throws(GitFault) -> [String: String] {
        var environment = environment(protocols: source.allowedProtocol)
        environment.merge(source.environment) { _, new in new }
        // Who runs Slipway may trust authorities of their own.
        environment["GIT_SSL_CAINFO"] = getenv("GIT_SSL_CAINFO").map { String(cString: $0) }
        guard source.key != nil else { return environment }
        let name = try HashingSink().write(Array(source.knownHosts.utf8), as: .blob)
        let known = "\(knownHosts)/\(name)"
        try Disk.makeFolders(knownHosts, mode: 0o700)
        try Disk.replace(known, with: source.knownHosts, mode: 0o600)
        environment["GIT_SSH_COMMAND"] = """
            ssh -F /dev/null -oBatchMode=yes -oStrictHostKeyChecking=yes \
            -oUserKnownHostsFile='\(known)' -oGlobalKnownHostsFile=/dev/null \
            -oIdentityFile=none -oUpdateHostKeys=no -oForwardAgent=no \
            -oPreferredAuthentications=publickey -oConnectTimeout=\(Self.silenceSeconds) \
            -oServerAliveInterval=\(Self.silenceSeconds) -oServerAliveCountMax=1
            """
        return environment
    }

    /// ssh without the user's own configuration and without questions.
    ///
    /// Keys lie beside the file.
    private var sshCommand: String {
        let known = "\(path)/known_hosts"
        return "ssh -F /dev/null -oBatchMode=yes -oStrictHostKeyChecking=accept-new "
            + "-oUserKnownHostsFile='\(known)' -oIdentityFile='\(path)/id_ed25519'"
    }

    private var configuration: String {
        """
        # Written by Slipway at every start. Nothing else configures its `git` children.
        [safe]
        \tdirectory = *
        [core]
        \thooksPath = \(hooks)
        \tfsmonitor = false
        \talternateRefsCommand = false
        \tfsync = committed,loose-object
        [protocol]
        \tversion = 2
        [transfer]
        \tfsckObjects = true
        [fetch]
        \tfsckObjects = true
        \tunpackLimit = 1
        \trecurseSubmodules = false
        [receive]
        \tfsckObjects = true
        \tdenyDeleteCurrent = refuse
        \tmaxInputSize = \(limits.packBytesMax)
        \tautogc = false
        \tadvertisePushOptions = false
        [uploadpack]
        \tallowFilter = true
        [gc]
        \tauto = 0
        [maintenance]
        \tauto = false
        [pack]
        \tthreads = 1
        [http]
        \tfollowRedirects = false
        \tlowSpeedLimit = 100
        \tlowSpeedTime = \(Self.silenceSeconds)
        [credential]
        \thelper =
        [init]
        \tdefaultBranch = main

        """
    }

    /// How long a push or a fetch waits for the lock, in seconds.
    private static let lockSeconds = 20
    /// What a killed push or fetch left of its pack is removed after this many minutes: no
    /// exchange takes as long.
    private static let leftoverMinutes = 60
    /// How a child ends that did not get the lock (sysexits.h, EX_TEMPFAIL).
    static let lockedCode: Int32 = 75

    /// Shell that opens the lock (`RepositoryLock`) of the repository that is the current folder:
    /// `git` and all that it starts inherit it, and it is free when the last of them has ended.
    ///
    /// Goes before `exec git`, with what killed ones left of their packs.
    ///
    /// All of them share one more lock: who gets it alone knows that every folder of a push is one
    /// that a killed one left, since `git` does not remove it when it is ended. Other unfinished
    /// files go by their age: libgit2 writes such as well, without that lock.
    static let opening = """
        exec 8>>\(RepositoryLock.fileName).packs || exit 1
        if flock -n 8; then find objects -maxdepth 1 -name 'tmp_objdir-*' -exec rm -rf {} +; fi
        find objects -maxdepth 2 -name 'tmp_*' -mmin +\(leftoverMinutes) -exec rm -rf {} +
        flock -s 8
        exec 9>>\(RepositoryLock.fileName) || exit 1

        """

    /// Shell that takes the lock that is open, or fails.
    private static let locking = "flock -w \(lockSeconds) 9"

    /// Shell that removes the lock files that killed processes left: under the lock, nobody holds
    /// any.
    private static let sweeping = """
        rm -f HEAD.lock packed-refs.lock
        find refs -type f -name '*.lock' -exec rm -f {} +

        """

    /// Shell that takes the lock for all that follows.
    static let taking = "\(opening)\(locking) || exit \(lockedCode)\n\(sweeping)"

    /// Runs when the pack is there and before any reference changes: takes the lock for the rest
    /// of the push, and bounds the references.
    private var preReceiveHook: String {
        """
        #!/bin/sh
        \(Self.locking) || {
            echo "Others are changing the repository: push again." >&2; exit 1
        }
        \(Self.sweeping)made=0
        while read -r old new name; do
            case $old in *[!0]*) ;; *) made=$((made + 1)) ;; esac
        done
        [ "$made" -eq 0 ] && exit 0
        [ $(($(git for-each-ref --format=x | wc -l) + made)) -le \(limits.referencesMax) ] && exit 0
        echo "A repository holds at most \(limits.referencesMax) branches and tags." >&2
        exit 1

        """
    }

    /// Bytes of the name of a branch or tag: with `GitLimits.referencesMax`, what bounds the list
    /// of all of them.
    private static let nameBytesMax = 250

    /// Set for a push of somebody whose the default branch is not to move.
    static let guardVariable = "SLIPWAY_GUARDED"

    /// Keeps the default branch: it may move forward, never back, and never go away.
    private static let updateHook = """
        #!/bin/sh
        LC_ALL=C
        [ ${#1} -le \(nameBytesMax) ] || {
            echo "The name of a branch or tag has at most \(nameBytesMax) bytes." >&2; exit 1
        }
        case $1 in refs/heads/* | refs/tags/*) ;; *)
            echo "Only branches and tags can be pushed." >&2; exit 1 ;;
        esac
        [ "$1" = "$(git symbolic-ref HEAD)" ] || exit 0
        [ -z "$\(guardVariable)" ] || {
            echo "The default branch is protected: push another branch, for an admin to merge." >&2
            exit 1
        }
        case $3 in *[!0]*) ;; *) echo "The default branch cannot be deleted." >&2; exit 1 ;; esac
        case $2 in *[!0]*) ;; *) exit 0 ;; esac
        git merge-base --is-ancestor "$2" "$3" && exit 0
        echo "The default branch only moves forward: merge or rebase, then push without force." >&2
        exit 1

        """
}
