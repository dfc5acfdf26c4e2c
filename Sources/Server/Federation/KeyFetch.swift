import Domain
import JSON
import JWTKit
import Outbound

/// Asks an issuer for its keys: its discovery document, then the key set that this names.
struct KeyFetch: Sendable {
    /// The time until all of an answer is there: 5 seconds.
    static let totalTimeout = Duration.seconds(5)
    /// The most bytes of an answer: 256 KiB.
    static let answerBytesMax = 256 << 10
    /// The most keys of an issuer.
    static let keysMax = 100

    let client: OutboundClient

    /// Every key of the issuer that signatures can be checked with, by its id.
    func keys(of issuer: Issuer) async throws(FetchFault) -> [String: JWK] {
        let document = try await get(issuer.discoveryURL)
        guard document["issuer"]?.string == issuer.url else {
            throw FetchFault("its discovery document names another issuer")
        }
        guard let address = document["jwks_uri"]?.string, issuer.holds(address) else {
            throw FetchFault("its discovery document names keys at another host")
        }
        var keys: [String: JWK] = [:]
        for key in (try await get(address)["keys"]?.array ?? []).prefix(Self.keysMax) {
            // Keys for other uses, and of kinds that nothing is checked with, are passed over.
            guard let id = key["kid"]?.string, key["use"]?.string ?? "sig" == "sig",
                key["d"] == nil, let known = try? JWK(json: key.text)  // As said above.
            else { continue }
            keys[id] = known
        }
        guard !keys.isEmpty else { throw FetchFault("it has no keys") }
        return keys
    }

    private func get(_ url: String) async throws(FetchFault) -> JSON {
        var request = OutboundRequest(
            "GET",
            url,
            headers: [OutboundHeader("Accept", "application/json")]
        )
        request.limits.totalTimeout = Self.totalTimeout
        request.limits.answerBytesMax = Self.answerBytesMax
        let answer: OutboundResponse
        do throws(OutboundFault) {
            answer = try await client.send(request)
        } catch {
            throw FetchFault("\(error)")
        }
        guard answer.head.status == 200 else {
            throw FetchFault("it answered \(answer.head.status) where its keys should be")
        }
        do throws(JSONFault) {
            return try JSON.parse(answer.body)
        } catch {
            throw FetchFault("what it answered is no JSON")
        }
    }
}

/// Why the keys of an issuer are not there, in words.
struct FetchFault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
