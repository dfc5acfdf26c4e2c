import Hummingbird
import Logging

/// Hummingbird 2 with one route: fixed bytes.
///
/// Requests are logged and counted by its own middleware, as they are in Slipway. The counts go
/// nowhere, because no metrics backend is set up: it still does less than Slipway does. `bare`
/// leaves both out.
@main
struct HummingbirdPeer {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let port = Int(arguments[1]) else {
            print("usage: HummingbirdPeer PORT PATH BODY [bare]")
            return
        }
        LoggingSystem.bootstrap(StreamLogHandler.standardOutput)
        let body = ByteBuffer(string: arguments[3])
        let router = Router()
        if arguments.last != "bare" {
            router.add(middleware: MetricsMiddleware())
            router.add(middleware: LogRequestsMiddleware(.info))
        }
        router.get(RouterPath(arguments[2])) { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: body)
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: Logger(label: "peer")
        )
        try await application.runService()
    }
}
