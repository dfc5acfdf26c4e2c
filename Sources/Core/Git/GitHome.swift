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

    /// Writes the file and the hook; the same text is left as it is.
    func prepare() throws(GitFault) {
        try Disk.makeFolders(hooks, mode: 0o700)
        try Disk.replace(configurationPath, with: configuration, mode: 0o600)
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

    /// Keeps the default branch: it may move forward, never back, and never go away.
    private static let updateHook = """
        #!/bin/sh
        case $1 in refs/heads/* | refs/tags/*) ;; *)
            echo "Only branches and tags can be pushed." >&2; exit 1 ;;
        esac
        [ "$1" = "$(git symbolic-ref HEAD)" ] || exit 0
        case $3 in *[!0]*) ;; *) echo "The default branch cannot be deleted." >&2; exit 1 ;; esac
        case $2 in *[!0]*) ;; *) exit 0 ;; esac
        git merge-base --is-ancestor "$2" "$3" && exit 0
        echo "The default branch only moves forward: merge or rebase, then push without force." >&2
        exit 1

        """
}
