/// A response as a client reads it.
struct ReceivedResponse: Equatable {
    var status = 0
    var fields: [String: String] = [:]
    var body: [UInt8] = []

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The whole responses in `bytes`, interim ones left out.
    ///
    /// `methods` are those of the requests, where one is HEAD. A body without a length goes on
    /// to the end.
    static func all(in bytes: [UInt8], methods: [String] = []) -> [ReceivedResponse] {
        var found: [ReceivedResponse] = []
        var rest = bytes[...]
        while let head = takeHead(&rest) {
            var response = head
            guard response.status >= 200 else { continue }
            let isHead = found.count < methods.count && methods[found.count] == "HEAD"
            if !isHead, response.status != 204, response.status != 304 {
                guard let body = takeBody(of: response, from: &rest) else { return found }
                response.body = body
            }
            found.append(response)
        }
        return found
    }

    private static func takeHead(_ rest: inout ArraySlice<UInt8>) -> ReceivedResponse? {
        var response = ReceivedResponse()
        var copy = rest
        guard let line = takeLine(&copy) else { return nil }
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            return nil
        }
        response.status = status
        while let line = takeLine(&copy) {
            guard !line.isEmpty else {
                rest = copy
                return response
            }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            response.fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return nil
    }

    private static func takeBody(
        of response: ReceivedResponse,
        from rest: inout ArraySlice<UInt8>
    ) -> [UInt8]? {
        if response.fields["transfer-encoding"] == "chunked" { return takeChunks(&rest) }
        let count = response.fields["content-length"].flatMap { Int($0) } ?? rest.count
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private static func takeChunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var body: [UInt8] = []
        while let line = takeLine(&rest), let count = Int(line, radix: 16) {
            guard rest.count >= count + 2 else { return nil }
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
            if count == 0 { return body }
        }
        return nil
    }

    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex,
            rest[end - 1] == UInt8(ascii: "\r")
        else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[..<(end - 1)], as: UTF8.self)
    }
}
