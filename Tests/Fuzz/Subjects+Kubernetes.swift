import JSON
import Outbound
import Secrets

@testable import Kubernetes

/// What API servers and strangers' kubeconfigs say.
extension Subjects {
    /// Findings or a context that leads to another machine; what is kept of it reads the same.
    @Sendable static func kubeconfig(_ bytes: [UInt8]) {
        let origin = KubeconfigOrigin.uploaded(.otherMachines)
        do throws(KubeconfigFault) {
            let config = try Kubeconfig(parsing: bytes, origin: origin)
            let host = config.access.server.host
            precondition(AddressLimits.otherMachines.refusal(ofHost: host).isEmpty)
            precondition(config.access.server.isEncrypted)
            let kept = config.text().revealed()
            let again = try Kubeconfig(parsing: kept, origin: origin)
            precondition(again.access.server == config.access.server)
            precondition(again.access.trust == config.access.trust)
            precondition(
                again.access.authorization?.revealed() == config.access.authorization?.revealed()
            )
        } catch {
            precondition(!error.findings.isEmpty)
        }
    }

    /// An address that is taken is taken again as it describes itself.
    @Sendable static func address(_ bytes: [UInt8]) {
        do throws(KubernetesFault) {
            let address = try ServerAddress(parsing: String(decoding: bytes, as: UTF8.self))
            let again = try ServerAddress(parsing: "\(address)")
            precondition(again == address)
        } catch {
            precondition(!error.description.isEmpty)
        }
    }

    /// The same objects whole, byte by byte and in two portions; none larger than allowed.
    @Sendable static func watch(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let input = Array(bytes.dropFirst())
        let whole = objects([input])
        precondition(objects(input.map { [$0] }) == whole)
        let cut = Int(first) * input.count / 256
        precondition(objects([Array(input[..<cut]), Array(input[cut...])]) == whole)
        let kind = GroupKind(kind: "ConfigMap")
        let resource = APIResource(
            kind: kind,
            version: "v1",
            plural: "configmaps",
            isNamespaced: true
        )
        for object in whole.objects {
            do throws(KubernetesFault) {
                let event = try WatchEvent(object, of: resource, .whole, trim: { _ in })
                if case .bookmark(let version) = event {
                    precondition(event.resourceVersion == version)
                }
            } catch {
                precondition(!error.description.isEmpty)
            }
        }
    }

    private struct Objects: Equatable {
        var objects: [[UInt8]] = []
        var fault: KubernetesFault?
    }

    private static func objects(_ pieces: [[UInt8]]) -> Objects {
        var stream = JSONStream(objectBytesMax: 4_096)
        var result = Objects()
        for piece in pieces {
            stream.received(piece)
            do throws(KubernetesFault) {
                while let object = try stream.next() { result.objects.append(object) }
            } catch {
                result.fault = error
                return result
            }
        }
        return result
    }

    /// A refusal has words for people: one bounded line.
    @Sendable static func status(_ bytes: [UInt8]) {
        for code in [400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 418] {
            let report = StatusReport(status: code, body: bytes)
            let fault = report.fault(for: Purpose(verb: "get", resource: "pods"))
            let words = fault.description + "\(fault.providerFault)"
            precondition(!words.utf8.contains { $0 < 0x20 })
            precondition(words.count < 200_000)
        }
    }

    /// What is applied as JSON has no byte that YAML 1.1 refuses, and means the same.
    @Sendable static func apply(_ bytes: [UInt8]) {
        do throws(JSONFault) {
            let value = try JSON.parse(bytes)
            let text = ApplyBody.bytes(of: value)
            let again = try JSON.parse(text)
            precondition(again == value)
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
                precondition(!(0x7F...0x9F).contains(scalar.value))
                precondition(![0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value))
            }
        } catch {
            precondition((0...bytes.count).contains(error.offset))
        }
    }
}
