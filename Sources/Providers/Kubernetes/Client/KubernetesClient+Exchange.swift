extension KubernetesClient {
    /// Sends a call until it is answered, within the client's patience.
    func send(_ call: Call) async throws(KubernetesFault) -> Reply {
        let bytesMax = limits.answerBytesMax
        return try await trying(call) { () throws(KubernetesFault) in
            let answer = try await open(call)
            let body = try await answer.body.collect(upTo: bytesMax)
            return Reply(status: answer.status, headers: answer.headers, body: body)
        }
    }

    /// Sends a call once and gives its answer as it comes.
    ///
    /// - Throws: what any status other than 2xx means.
    func open(_ call: Call) async throws(KubernetesFault) -> KubernetesAnswer {
        let answer = try await transport.send(call.request)
        guard !(200..<300).contains(answer.status) else { return answer }
        let report = StatusReport(status: answer.status, body: await Self.words(of: answer))
        if report.isAboutPath, let kind = call.kind {
            discovery.forget()
            throw .noSuchKind(kind)
        }
        throw report.fault(for: call.purpose, retryAfter: answer["retry-after"])
    }

    /// Does something again while its faults pass by themselves.
    func trying<Value: Sendable>(
        _ call: Call,
        _ body: () async throws(KubernetesFault) -> Value
    ) async throws(KubernetesFault) -> Value {
        var retries = Retries(
            from: clock.now,
            patience: limits.patience,
            isRepeatable: call.isRepeatable
        )
        while true {
            do throws(KubernetesFault) {
                return try await body()
            } catch {
                let delay = retries.delay(after: error, now: clock.now, random: random())
                guard let delay else { throw error.about(server) }
                do throws(CancellationError) { try await clock.wait(for: delay) } catch {
                    throw .cancelled
                }
            }
        }
    }

    /// Bytes of a refusal that are read: its reason stands at the start.
    private static let refusalBytesMax = 256 << 10

    private static func words(of answer: KubernetesAnswer) async -> [UInt8] {
        do throws(KubernetesFault) {
            return try await answer.body.collect(upTo: refusalBytesMax)
        } catch {
            return Array("(the reason was lost: \(error))".utf8)
        }
    }
}
