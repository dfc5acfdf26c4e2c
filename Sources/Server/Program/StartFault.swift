/// Why the program cannot start; its description tells the operator what to do.
struct StartFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
