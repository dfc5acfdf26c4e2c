package import EventLoop
package import Outbound
import Secrets

/// The connections of one event loop to API servers: those of each lane apart from the others'.
///
/// Shared by any number of transports; closed before it is dropped.
package final class OutboundLanes: Sendable {
    private let clients: [Lane: OutboundClient]

    /// Lanes without connections; whatever a name leads to by DNS, they go nowhere but where
    /// `addresses` lets them, at least not to where clouds answer for this machine.
    package init(on loop: EventLoop, addresses: AddressLimits = .beyondLink) {
        var watches = LaneLimits()
        watches.addresses = addresses
        watches.transfersMax = 16_384
        watches.connectionsMax = 1_024
        // Where HTTP/1.1 is all that a proxy speaks, each watch takes a connection.
        watches.connectionsPerHostMax = 64
        var interactive = LaneLimits()
        interactive.addresses = addresses
        interactive.connectionsMax = 1_024
        interactive.connectionsPerHostMax = 16
        var bulk = LaneLimits()
        bulk.addresses = addresses
        // Lists are large on both sides: few at once.
        bulk.connectionsPerHostMax = 2
        clients = [
            .watch: OutboundClient(on: loop, limits: watches),
            .interactive: OutboundClient(on: loop, limits: interactive),
            .bulk: OutboundClient(on: loop, limits: bulk),
        ]
    }

    /// Ends everything under way and closes the connections.
    package func close() async {
        for client in clients.values { await client.close() }
    }

    func open(
        _ request: OutboundRequest,
        on lane: Lane
    ) async throws(OutboundFault) -> OutboundAnswer {
        guard let client = clients[lane] else {
            preconditionFailure("each lane has a client of its own")
        }
        return try await client.open(request)
    }
}

/// Carries requests to an API server over the network.
package final class OutboundTransport: KubernetesTransport {
    private let lanes: OutboundLanes
    private let credentials: any CredentialSource

    /// A transport to the server that `credentials` names.
    package init(lanes: OutboundLanes, credentials: any CredentialSource) {
        self.lanes = lanes
        self.credentials = credentials
    }

    /// Sends a request; where the server does not take our credentials, they are read anew once.
    package func send(
        _ request: KubernetesRequest
    ) async throws(KubernetesFault) -> KubernetesAnswer {
        let first = try await credentials.access()
        do throws(KubernetesFault) {
            let answer = try await send(request, with: first.access)
            guard answer.status == Self.unauthorized else { return answer }
            guard let next = try await renewed(first) else { return answer }
            return try await send(request, with: next.access)
        } catch {
            // With a cluster's authority its kubeconfig changes as well.
            guard case .untrusted = error, let next = try await renewed(first) else {
                throw error
            }
            return try await send(request, with: next.access)
        }
    }

    private static let unauthorized = 401

    /// What is read instead of the access that was refused; nil where it is still the same.
    private func renewed(
        _ refused: NumberedAccess
    ) async throws(KubernetesFault) -> NumberedAccess? {
        credentials.refused(refused.number)
        let next = try await credentials.access()
        return next.number == refused.number ? nil : next
    }

    private func send(
        _ request: KubernetesRequest,
        with access: ClusterAccess
    ) async throws(KubernetesFault) -> KubernetesAnswer {
        var headers = request.headers.map { OutboundHeader($0.name, $0.value) }
        if let authorization = access.authorization {
            headers.append(OutboundHeader("authorization", authorization.revealedText()))
        }
        headers += access.impersonation.headers
        var limits = OutboundLimits()
        limits.totalTimeout = request.timeout
        limits.silenceMax = request.silenceMax
        let outbound = OutboundRequest(
            request.method,
            "\(access.server)\(request.target)",
            headers: headers,
            body: request.body,
            trust: access.trust,
            limits: limits
        )
        do throws(OutboundFault) {
            let answer = try await lanes.open(outbound, on: request.lane)
            return KubernetesAnswer(
                status: answer.head.status,
                headers: answer.head.headers.map { ($0.name, $0.value) },
                body: NetworkBody(answer)
            )
        } catch {
            throw KubernetesFault(error)
        }
    }
}

/// The content of an answer over the network.
private struct NetworkBody: KubernetesBody {
    private let answer: OutboundAnswer

    init(_ answer: OutboundAnswer) {
        self.answer = answer
    }

    func next() async throws(KubernetesFault) -> [UInt8]? {
        do throws(OutboundFault) { return try await answer.next() } catch {
            throw KubernetesFault(error)
        }
    }
}

extension KubernetesFault {
    /// What went wrong on the way.
    fileprivate init(_ fault: OutboundFault) {
        self =
            switch fault {
            case .malformed(let reason): .malformed(reason: reason)
            case .unreachable(let reason): .unreachable(reason: reason)
            case .untrusted(let reason): .untrusted(reason: reason)
            case .timedOut(let reason), .brokenOff(let reason): .interrupted(reason: reason)
            case .tooLarge: .tooLarge(reason: fault.description)
            case .busy: .busy
            case .cancelled: .cancelled
            }
    }
}
