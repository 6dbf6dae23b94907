/// How often each token occurs in a text.
public struct TokenCounts: Sendable {
  private var strings = ByteStrings()
  private var numbers: [Int] = []
  /// Tokens in all.
  public private(set) var total = 0

  /// No token yet.
  public init() {}

  /// The counts of tokens.
  public init(of tokens: some Sequence<String>) {
    for token in tokens { add(token) }
  }

  /// Counts a token `times` more.
  public mutating func add(_ token: String, times: Int = 1) {
    precondition(times >= 0, "TokenCounts.add: \(times) times")
    if times == 0 { return }
    let number = strings.insert(token)
    if number == numbers.count { numbers.append(0) }
    numbers[number] += times
    total += times
  }

  /// Different tokens.
  public var count: Int { numbers.count }

  /// How often a token occurs; 0 where it does not.
  public subscript(token: String) -> Int { strings.number(of: token).map { numbers[$0] } ?? 0 }

  /// All tokens, the most frequent first; of equally frequent ones, by their Unicode scalars.
  public var mostFrequentFirst: [(token: String, count: Int)] {
    let all = numbers.indices.map { (token: strings[$0], count: numbers[$0]) }
    // The order of UTF-8 is that of the scalars; that of `String` is of canonically equivalent forms.
    return all.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.token.utf8.lexicographicallyPrecedes($1.token.utf8)
    }
  }
}
