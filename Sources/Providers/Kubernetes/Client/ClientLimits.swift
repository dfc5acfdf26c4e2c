/// How much one client asks for, waits for and keeps.
package struct ClientLimits: Sendable, Equatable {
    /// The time for one exchange in which somebody waits.
    package var timeout = Duration.seconds(30)
    /// The time for one page of a list; a server gives up after 60 s itself.
    package var pageTimeout = Duration.seconds(60)
    /// How long a call goes on trying, waits included.
    package var patience = Duration.seconds(15)
    /// Objects asked for in one page.
    package var pageObjectsMax = 500
    /// Pages of one list: with 500 objects each, 100,000 objects.
    package var pagesMax = 200
    /// Bytes of one page or of one object: an object may have 1.5 MiB, a page 500 of them, which
    /// nobody has.
    package var answerBytesMax = 64 << 20
    /// Bytes of a whole list.
    package var listBytesMax = 512 << 20
    /// How often one list starts anew because its state became too old on the way.
    package var listRestartsMax = 3
    /// Bytes of one event of a watch: an object of 1.5 MiB, escaped.
    package var eventBytesMax = 16 << 20
    /// How long a server keeps a watch open, at least; up to the double.
    package var watchTime = Duration.seconds(300)
    /// How long a watch may be silent: bookmarks come about once a minute.
    package var watchSilenceMax = Duration.seconds(180)
    /// How long what a server serves is believed without asking again.
    package var directoryAgeMax = Duration.seconds(600)
    /// How often a kind that is not there is looked for again, at most.
    package var directoryAgeMin = Duration.seconds(2)
    /// How long what we may do in a namespace is believed without asking again.
    package var rightsAgeMax = Duration.seconds(60)

    /// The defaults.
    package init() {}
}
