import Domain
import JSON

extension JSONWriter {
    /// Writes `{id, name, labels, spec, status, generation, createdAt, updatedAt}`: the one shape
    /// of all resources (DESIGN §5).
    ///
    /// What `more` writes stands at the end.
    mutating func resource(
        id: [UInt8],
        name: String,
        generation: Int64,
        createdAt: Domain.Instant,
        updatedAt: Domain.Instant,
        labels: (inout JSONWriter) -> Void,
        spec: (inout JSONWriter) -> Void,
        status: (inout JSONWriter) -> Void,
        more: (inout JSONWriter) -> Void = { _ in }
    ) {
        beginObject()
        key("id")
        text(id)
        member("name", name)
        key("labels")
        labels(&self)
        key("spec")
        spec(&self)
        key("status")
        status(&self)
        member("generation", generation)
        key("createdAt")
        text(createdAt.bytes)
        key("updatedAt")
        text(updatedAt.bytes)
        more(&self)
        endObject()
    }

    /// A string of characters that need no escaping, such as an id or a moment.
    mutating func text(_ plain: [UInt8]) {
        plainString(plain)
    }

    /// A member whose value is a moment or `null`.
    mutating func member(_ name: StaticString, orNull value: Domain.Instant?) {
        key(name)
        if let value { text(value.bytes) } else { null() }
    }
}
