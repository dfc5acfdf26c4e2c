package import Domain
import JSON
import Kubernetes

/// What a Prometheus answers to an instant query, as its HTTP API has it (`/api/v1/query`).
package enum PrometheusAnswer {
    /// The URL at which a question is asked.
    package static func url(of question: PrometheusQuestion) -> String {
        let base = question.url.hasSuffix("/") ? String(question.url.dropLast()) : question.url
        let query = [(name: "query", value: question.query)]
        return base + KubernetesRequest("GET", "/api/v1/query", query: query).target
    }

    /// The values of a vector or a scalar, those that are no numbers left out; nil for something
    /// else.
    package static func values(in bytes: [UInt8]) -> [Double]? {
        // What is no JSON is no answer of a Prometheus.
        guard let answer = try? JSON.parse(bytes), answer["status"] == "success",
            let data = answer["data"], let result = data["result"]?.array
        else { return nil }
        let samples: [JSON]
        switch data["resultType"]?.string {
        case "vector": samples = result.compactMap { $0["value"]?[1] }
        case "scalar": samples = result.count == 2 ? [result[1]] : []
        default: return nil
        }
        return samples.compactMap { sample in
            guard let text = sample.string, let value = Double(text), !value.isNaN else {
                return nil
            }
            return value
        }
    }
}
