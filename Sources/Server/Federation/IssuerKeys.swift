import Domain
import JWTKit

/// The keys of one issuer, and when they are to be fetched: values alone, so that every question
/// of time is answered without waiting for it.
struct IssuerKeys: Sendable {
    /// How long keys are used without asking the issuer again: 10 minutes.
    static let freshFor = Duration.seconds(600)
    /// How long keys are used while the issuer is away: a day.
    static let usableFor = Duration.seconds(86_400)
    /// How often the issuer is asked at most, whatever keys tokens name: every 30 seconds.
    static let askEvery = Duration.seconds(30)

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
    private var askedAt: Instant?

    /// The key, or what is to be done first; `asked` says whether the issuer has just answered, nil
    /// where it was not asked.
    func answer(for keyID: String, asked: Bool?, at now: Instant) -> Answer {
        let age = fetchedAt.map { now - $0 }
        let key = keys[keyID]
        if let key, let age, age < Self.freshFor { return .key(key) }
        let wait = askedAt.map { Self.askEvery - (now - $0) } ?? .zero
        if asked == nil, wait <= .zero { return .ask }
        if let key, let age, age < Self.usableFor { return .key(key) }
        if asked == true { return .absent }
        return .unknown(retryAfter: max(1, Int(wait.components.seconds)))
    }

    /// Notes that the issuer is being asked.
    mutating func ask(at now: Instant) { askedAt = now }

    /// Takes what the issuer answered.
    mutating func take(_ keys: [String: JWK], at now: Instant) {
        self.keys = keys
        fetchedAt = now
    }
}
