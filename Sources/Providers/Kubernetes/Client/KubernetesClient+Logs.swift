extension KubernetesClient {
    /// The last lines that a container wrote, oldest first, without what is longer than
    /// `bytesMax`; none where it has written nothing or is gone.
    ///
    /// `isPrevious` asks for the run before the one that goes on, `sinceSeconds` for lines no older
    /// than that.
    package func log(
        ofContainer container: String,
        pod: String,
        namespace: String,
        isPrevious: Bool,
        linesMax: Int,
        bytesMax: Int,
        sinceSeconds: Int? = nil
    ) async throws(KubernetesFault) -> [String] {
        let place = "\(PercentEncoding.encode(namespace))/pods/\(PercentEncoding.encode(pod))"
        var query = [
            (name: "container", value: container),
            (name: "previous", value: isPrevious ? "true" : "false"),
            (name: "tailLines", value: "\(linesMax)"),
            (name: "limitBytes", value: "\(bytesMax)"),
        ]
        if let sinceSeconds { query.append((name: "sinceSeconds", value: "\(sinceSeconds)")) }
        let request = KubernetesRequest(
            "GET",
            "/api/v1/namespaces/\(place)/log",
            query: query
        )
        do throws(KubernetesFault) {
            let reply = try await send(Call(request, "get", "pods/log"))
            let text = String(decoding: reply.body.prefix(bytesMax), as: UTF8.self)
            return text.split(whereSeparator: \.isNewline).suffix(linesMax).map(String.init)
        } catch .notFound {
            return []
        }
    }
}
