import JSON

/// What users of an operator see of one of its kinds: statuses and Secrets.
struct OperatorPart: Sendable {
    /// A field of the status, and what it says.
    struct Field: Sendable {
        let name: String
        /// While the object is on its way; nil where the field is not there then.
        let coming: JSON?
        /// Once it is ready.
        let ready: JSON
        /// Where it has failed; nil for what it says on its way.
        let failed: JSON?

        init(_ name: String, from coming: JSON? = nil, to ready: JSON, or failed: JSON? = nil) {
            self.name = name
            self.coming = coming
            self.ready = ready
            self.failed = failed
        }
    }

    let kind: SandboxKind
    /// Conditions that are true once it is ready.
    var conditions: [String] = []
    var fields: [Field] = []
    /// A field that names a Secret without which it does not become ready.
    var needs: JSONPointer?
    var secrets: [OperatorSecret] = []
    /// The finalizer that it bears; nil where its operator sets none.
    var finalizer: String?

    init(
        _ group: String,
        _ kind: String,
        _ conditions: String...,
        fields: [Field] = [],
        needs: JSONPointer? = nil,
        secrets: [OperatorSecret] = [],
        finalizer: String? = nil
    ) {
        self.kind = SandboxKind(group, kind)
        self.conditions = conditions
        self.fields = fields
        self.needs = needs
        self.secrets = secrets
        self.finalizer = finalizer
    }
}

/// A Secret that an operator writes where there is none of its name.
struct OperatorSecret: Sendable {
    /// Where a word comes from.
    enum Word: Sendable {
        /// The object's name with that after it.
        case name(String = "")
        case text(String)
        /// A field of the object; the other word where it says nothing.
        case field(JSONPointer, else: String)
        /// Letters and digits by chance.
        case random
        /// What looks like a certificate, or a private key, and is none.
        case certificate, privateKey
    }

    var name: Word = .name()
    var type = "Opaque"
    var data: [(key: String, value: Word)] = []
    /// A list of objects whose `secretKey` names further keys.
    var keys: JSONPointer?
    /// The object of labels that it bears, as the object wants it.
    var labels: JSONPointer?
    /// Whether it goes with the object.
    var isOwned = true
    /// Whether its values are copied where the object's store is of another namespace.
    var isCopied = false
}
