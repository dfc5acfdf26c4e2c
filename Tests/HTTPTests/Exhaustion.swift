import Glibc

/// Takes the process's last descriptors away from a server; for a process of its own.
enum Exhaustion {
    static func run() async throws {
        let server = try TestServer(loops: 1)
        let first = try server.client()
        first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        precondition(first.read(1).count == 1, "the server answers")
        var limit = rlimit(rlim_cur: 256, rlim_max: 256)
        precondition(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, "limited")
        // The client's socket comes first, then nothing is left for the server's.
        let waiting = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var taken: [Int32] = []
        while true {
            let descriptor = dup(waiting)
            guard descriptor >= 0 else { break }
            taken.append(descriptor)
        }
        let client = TestClient(adopting: waiting)
        try client.connect(port: server.port)
        client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        // The other connection is served as if nothing were.
        for _ in 0..<100 {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            precondition(first.read(1).count == 1, "the server answers")
        }
        for descriptor in taken { Glibc.close(descriptor) }
        precondition(client.read(1).first?.text == "GET /late\n", "accepted after all")
        client.close()
        first.close()
        await server.stop()
    }
}
