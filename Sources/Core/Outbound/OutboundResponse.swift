/// What stands before the content of an answer.
package struct OutboundHead: Sendable, Equatable {
    /// The protocol as the server named it: `HTTP/1.1`, `HTTP/2`.
    package var version: String
    /// The status code, 200 up to 999: earlier interim answers are left out.
    package var status: Int
    /// The header fields, names in lower case, in the order in which they came.
    package var headers: [OutboundHeader]

    /// The value of the first field of a name, given in lower case.
    package subscript(name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// A whole answer.
package struct OutboundResponse: Sendable, Equatable {
    /// Status and header fields.
    package var head: OutboundHead
    /// The content.
    package var body: [UInt8]
}
