/// What a LISTEN session has to tell.
package enum Notification: Sendable, Equatable {
    /// Something happened on a channel.
    case received(channel: String, payload: String)
    /// Notifications may have been lost: look for yourself.
    case resynchronise
}
