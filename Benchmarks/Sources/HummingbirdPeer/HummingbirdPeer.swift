import Hummingbird
import Logging

/// Hummingbird 2 with one route: fixed bytes.
///
/// No middleware and no request log, so it does less than Slipway does.
@main
struct HummingbirdPeer {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let port = Int(arguments[1]) else {
            print("usage: HummingbirdPeer PORT BODY")
            return
        }
        let body = ByteBuffer(string: arguments[2])
        let router = Router()
        router.get("/livez") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: body)
            )
        }
        var logger = Logger(label: "peer")
        logger.logLevel = .error
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger
        )
        try await application.runService()
    }
}
