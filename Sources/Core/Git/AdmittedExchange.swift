/// An exchange that has a place among the children; the place goes to the next one when nobody
/// holds the exchange any more.
package struct AdmittedExchange: Sendable {
    /// What is exchanged; its streams may be wrapped before it is served.
    package var exchange: GitExchange
    let place: ChildSlots.Place
}
