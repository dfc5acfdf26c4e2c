/// A Secret that an offering needs and Git must not hold.
package struct OfferingSecret: Sendable, Equatable {
    /// What becomes of a key.
    package enum Value: Sendable, Equatable {
        /// That text, in which `$(key)` stands for another key's value.
        case text(String)
        /// So many letters and digits.
        case random(Int)
        /// Somebody puts it there; the text says what it is.
        case given(String)
    }

    /// A key and what becomes of it.
    package struct Entry: Sendable, Equatable {
        /// The key.
        package var key: String
        /// What becomes of it.
        package var value: Value

        /// That key with that value.
        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// The lengths of random values.
    package static let randomLengths = 16...128

    /// The Secret's name.
    package var name: String
    /// The Secret's type.
    package var type: String
    /// The keys and what becomes of them.
    package var data: [Entry]

    /// A Secret of that name, type and keys.
    package init(name: String, type: String, data: [Entry]) {
        self.name = name
        self.type = type
        self.data = data
    }
}

/// A key of a consumer's Secret, and where its value comes from.
package struct CredentialEntry: Sendable, Equatable {
    /// Where a value comes from.
    package enum Source: Sendable, Equatable {
        /// A text, in which `$(key)` stands for another key's value.
        case text(String)
        /// A key of a Secret in the service's namespace.
        case secret(name: String, key: String)
    }

    /// The key.
    package var key: String
    /// Where its value comes from.
    package var source: Source

    /// That key out of that source.
    package init(_ key: String, _ source: Source) {
        self.key = key
        self.source = source
    }
}
