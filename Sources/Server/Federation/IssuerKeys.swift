import Domain
import JWTKit

/// The keys of one issuer, and when they are to be fetched: values alone, so that every question
/// of time is answered without waiting for it.
struct IssuerKeys: Sendable {
    /// How long keys are used without asking the issuer again: 10 minutes.
    static let freshFor = Duration.seconds(600)
    /// How long keys are used while the issuer is away: a day.
    static let usableFor = Duration.seconds(86_400)
    /// How often the issuer is asked in the long run, whatever keys tokens name: every 15 seconds.
    static let askEvery = Duration.seconds(15)
    /// How often it is asked at once, so that a new key is found when its first token comes.
    static let asksAtOnceMax = 4

    /// What is to be done about a key that is wanted.
    enum Answer: Sendable {
        /// It is this one.
        case key(JWK)
        /// The issuer must be asked first.
        case ask
        /// The issuer has no such key.
        case absent
        /// Nobody knows; worth another look after that many seconds.
        case unknown(retryAfter: Int)
    }

    private var keys: [String: JWK] = [:]
    private var fetchedAt: Instant?
    /// When it may be asked as often as ever again.
    private var restedAt: Instant?

    /// The key, or what is to be done first; `asked` says whether the issuer has just answered, nil
    /// where it was not asked.
    func answer(for keyID: String, asked: Bool?, at now: Instant) -> Answer {
        let age = fetchedAt.map { now - $0 }
        let key = keys[keyID]
        if let key, let age, age < Self.freshFor { return .key(key) }
        let debt = restedAt.map { max($0 - now, .zero) } ?? .zero
        let wait = debt - Self.askEvery * (Self.asksAtOnceMax - 1)
        if asked == nil, wait <= .zero { return .ask }
        if let key, let age, age < Self.usableFor { return .key(key) }
        if asked == true { return .absent }
        return .unknown(retryAfter: max(1, Int(wait.components.seconds)))
    }

    /// Notes that the issuer is being asked.
    mutating func ask(at now: Instant) {
        restedAt = max(restedAt ?? now, now).advanced(by: Self.askEvery)
    }

    /// Takes what the issuer answered.
    mutating func take(_ keys: [String: JWK], at now: Instant) {
        self.keys = keys
        fetchedAt = now
    }
}
