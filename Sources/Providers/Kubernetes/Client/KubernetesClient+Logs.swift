extension KubernetesClient {
    /// The last lines that a container wrote, oldest first, without what is longer than
    /// `bytesMax`; none where it has written nothing or is gone.
    ///
    /// `isPrevious` asks for the run before the one that goes on.
    package func log(
        ofContainer container: String,
        pod: String,
        namespace: String,
        isPrevious: Bool,
        linesMax: Int,
        bytesMax: Int
    ) async throws(KubernetesFault) -> [String] {
        let place = "\(PercentEncoding.encode(namespace))/pods/\(PercentEncoding.encode(pod))"
        let request = KubernetesRequest(
            "GET",
            "/api/v1/namespaces/\(place)/log",
            query: [
                (name: "container", value: container),
                (name: "previous", value: isPrevious ? "true" : "false"),
                (name: "tailLines", value: "\(linesMax)"),
                (name: "limitBytes", value: "\(bytesMax)"),
            ]
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
