package import JSON

/// One fault of a request, as an element of a problem's `errors`.
package struct Fault: Sendable, Hashable {
    /// Where the fault is.
    package enum Place: Sendable, Hashable {
        /// In the body, at this JSON Pointer.
        case body(JSONPointer)
        /// In the query or path parameter of this name.
        case parameter(String)
        /// In the header field of this name.
        case header(String)
        /// In a health check of this name.
        case check(String)
    }

    /// Where it is.
    package let place: Place
    /// A word for programs, such as `unknown-member`.
    package let code: String
    /// A sentence for the caller.
    package let detail: String

    /// A fault at its place.
    package init(_ place: Place, code: String, detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch place {
        case .body(let pointer): writer.member("pointer", pointer.description)
        case .parameter(let name): writer.member("parameter", name)
        case .header(let name): writer.member("header", name)
        case .check(let name): writer.member("check", name)
        }
        writer.member("code", code)
        writer.member("detail", detail)
        writer.endObject()
    }
}
