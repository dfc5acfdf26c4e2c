import ArgumentParser

@main
struct Slipway: ParsableCommand {
    mutating func run() throws {
        print("slipway")
    }
}
