package import Domain
import JSON
package import Outbound
package import Secrets

/// Talks to one forge, in its own words.
package struct ForgeClient: Sendable {
    /// The time that one call may take: 20 seconds.
    package static let totalTimeout = Duration.seconds(20)
    /// The most bytes of an answer that are read: a page of comments has some 100 KiB.
    static let answerBytesMax = 4 << 20
    /// Entries of a page, and pages that are looked through for what Slipway put there.
    static let pageSize = 50
    static let pagesMax = 10
    /// The most characters of a forge's own words that are kept.
    private static let wordsMax = 300

    let kind: ForgeKind
    private let base: String
    private let token: SecretBytes
    private let outbound: OutboundClient
    private let clock: @Sendable () -> Instant

    /// A client of the forge at that base address.
    package init(
        _ kind: ForgeKind,
        at base: String,
        token: SecretBytes,
        through outbound: OutboundClient,
        clock: @escaping @Sendable () -> Instant
    ) {
        self.kind = kind
        self.base = base
        self.token = token
        self.outbound = outbound
        self.clock = clock
    }

    /// Sends one call.
    ///
    /// - Throws: `.refused` for an answer of 400 to 499 that is not among `fine`, `.away` for
    ///   everything that passes.
    @discardableResult func call(
        _ method: String,
        _ path: String,
        _ body: JSON? = nil,
        fine: Set<Int> = []
    ) async throws(ForgeFault) -> ForgeAnswer {
        var limits = OutboundLimits()
        limits.totalTimeout = Self.totalTimeout
        limits.answerBytesMax = Self.answerBytesMax
        let request = OutboundRequest(
            method,
            base + path,
            headers: headers(hasBody: body != nil),
            body: body?.serialized(),
            limits: limits
        )
        let response: OutboundResponse
        do throws(OutboundFault) {
            response = try await outbound.send(request)
        } catch {
            if error == .cancelled { throw .cancelled }
            throw .away(reason: "\(error)", retryAfter: nil)
        }
        let status = response.head.status
        // What is no JSON has nothing to say.
        let document = (try? JSON.parse(response.body)) ?? .null
        let isFine = fine.contains(status) && !Self.isLimit(status, response.head)
        if (200...299).contains(status) || isFine {
            return ForgeAnswer(status: status, document: document)
        }
        throw fault(status, response.head, document)
    }

    private func headers(hasBody: Bool) -> [OutboundHeader] {
        let secret = token.revealedText()
        var headers = [OutboundHeader("User-Agent", "Slipway")]
        switch kind {
        case .github:
            headers.append(OutboundHeader("Accept", "application/vnd.github+json"))
            headers.append(OutboundHeader("X-GitHub-Api-Version", "2022-11-28"))
            headers.append(OutboundHeader("Authorization", "Bearer \(secret)"))
        case .gitlab:
            headers.append(OutboundHeader("Accept", "application/json"))
            headers.append(OutboundHeader("PRIVATE-TOKEN", secret))
        case .gitea:
            headers.append(OutboundHeader("Accept", "application/json"))
            headers.append(OutboundHeader("Authorization", "token \(secret)"))
        }
        if hasBody { headers.append(OutboundHeader("Content-Type", "application/json")) }
        return headers
    }

    private func fault(_ status: Int, _ head: OutboundHead, _ document: JSON) -> ForgeFault {
        let said = document["message"] ?? document["error"]
        let words = String((said?.string ?? said?.text ?? "").prefix(Self.wordsMax))
        let reason = "the forge answered \(status)\(words.isEmpty ? "" : ": \(words)")"
        guard Self.isLimit(status, head) || status >= 500 || status == 408 else {
            return .refused(reason: reason, status: status)
        }
        return .away(reason: reason, retryAfter: wait(by: head))
    }

    /// Whether the forge answers so because it was asked too often.
    private static func isLimit(_ status: Int, _ head: OutboundHead) -> Bool {
        let isSpent = head["retry-after"] != nil || head["x-ratelimit-remaining"] == "0"
        return status == 429 || status == 403 && isSpent
    }

    /// How long the forge asks to be left alone: `Retry-After` in seconds, else until the moment
    /// at which its limit begins anew.
    private func wait(by head: OutboundHead) -> Duration? {
        if let seconds = Self.number(head["retry-after"]) { return .seconds(seconds) }
        let reset = head["x-ratelimit-reset"] ?? head["ratelimit-reset"]
        guard let moment = Self.number(reset) else { return nil }
        let left = moment - clock().microseconds / 1_000_000
        return left > 0 ? .seconds(left) : nil
    }

    private static func number(_ text: String?) -> Int64? {
        guard let text, (1...12).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// The repository as a part of the path.
    ///
    /// GitLab takes the whole path as one segment, in which the slash is encoded.
    func repository(_ path: String) -> String {
        switch kind {
        case .github, .gitea: "/repos/\(path)"
        case .gitlab: "/projects/\(path.replacing("/", with: "%2F"))"
        }
    }

    /// Text as a value of a query.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            if isPlain {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return encoded
    }
}

/// What a forge answered.
struct ForgeAnswer: Sendable {
    let status: Int
    let document: JSON

    /// The id of what was made or found, as text.
    var id: String? {
        document["id"]?.int.map { String($0) } ?? document["id"]?.string
    }
}

/// Why a call to a forge came to nothing.
package enum ForgeFault: Error, Equatable, Sendable {
    /// It did not answer, or wants to be left alone; later it may.
    case away(reason: String, retryAfter: Duration?)
    /// It refused, and will until something is changed.
    case refused(reason: String, status: Int)
    /// The call was given up because this process stops.
    case cancelled

    /// Whether the forge does not take the token, or not for this.
    package var isDenial: Bool {
        if case .refused(_, let status) = self { status == 401 || status == 403 } else { false }
    }
}
