/// Tokens and their numbers, from 0 in a fixed order.
///
/// Tokens are equal where their Unicode scalars are: `é` as one scalar and as two are different tokens.
public struct Vocabulary: Sendable {
  /// The usual token for all that the vocabulary does not have.
  public static let usualUnknown = "<unk>"
  /// The most tokens of a vocabulary: 2²⁴.
  public static let largestCount = 1 << 24

  /// In the order of their numbers.
  public let tokens: [String]
  /// The number of the token that stands for all others; `nil`: there is none, and other tokens are errors.
  public let unknown: Int?
  private let strings: ByteStrings

  /// Which tokens of a text a vocabulary has.
  public struct Rule: Sendable, Hashable, Codable {
    /// A token that occurs less often is left out; default 1: none.
    public var minimumCount: Int
    /// The most tokens, the unknown one among them; the rarest are left out. Default `nil`: ``largestCount``.
    public var limit: Int?
    /// What stands for tokens that are left out and for those that a later text brings; `nil`: nothing, and they are errors.
    public var unknown: String?

    /// All tokens, and ``usualUnknown`` for others.
    public init(minimumCount: Int = 1, limit: Int? = nil, unknown: String? = Vocabulary.usualUnknown) {
      (self.minimumCount, self.limit, self.unknown) = (minimumCount, limit, unknown)
    }
  }

  /// The tokens of a text: the unknown one first, then the most frequent first, equally frequent ones by their scalars.
  ///
  /// - Parameters:
  ///   - counts: of the text.
  ///   - rule: default: all tokens, and ``usualUnknown`` for others.
  ///   - source: the text's name for error messages.
  /// - Throws: ``DataError`` `vocabulary`: a bound below 1, no token, or tokens to leave out and none to stand for them.
  public init(_ counts: TokenCounts, _ rule: Rule = Rule(), source: String = "text") throws(DataError) {
    let (minimumCount, limit, unknown) = (rule.minimumCount, rule.limit, rule.unknown)
    let place = DataError.Place(source)
    if minimumCount < 1 { throw .vocabulary(.bound(name: "least count", value: minimumCount), at: place) }
    if let limit, limit < 1 { throw .vocabulary(.bound(name: "limit", value: limit), at: place) }
    let known = counts.mostFrequentFirst.filter { candidate in
      unknown.map { !$0.utf8.elementsEqual(candidate.token.utf8) } ?? true
    }
    let frequent = known.prefix { $0.count >= minimumCount }
    let kept = frequent.prefix((limit ?? Self.largestCount) - (unknown == nil ? 0 : 1))
    if unknown == nil, kept.count < known.count {
      throw .vocabulary(
        .leftOut(tokens: known.count - kept.count, example: known[kept.count].token), at: place)
    }
    try self.init(
      tokens: (unknown.map { [$0] } ?? []) + kept.map(\.token), unknown: unknown == nil ? nil : 0,
      source: source)
  }

  /// A vocabulary in an order of the caller's.
  ///
  /// - Parameters:
  ///   - tokens: each once, in the order of their numbers.
  ///   - unknown: the number of the token that stands for all others.
  ///   - source: the name for error messages.
  /// - Throws: ``DataError`` `vocabulary`: none or too many tokens, one twice, or a number for unknown ones that is none.
  public init(tokens: [String], unknown: Int? = nil, source: String = "vocabulary") throws(DataError) {
    let place = DataError.Place(source)
    if tokens.isEmpty { throw .vocabulary(.empty, at: place) }
    guard tokens.count <= Self.largestCount else {
      throw .vocabulary(.tooMany(count: tokens.count, limit: Self.largestCount), at: place)
    }
    if let unknown, !tokens.indices.contains(unknown) {
      throw .vocabulary(.unknownOutOfRange(number: unknown, count: tokens.count), at: place)
    }
    var strings = ByteStrings()
    for (number, token) in tokens.enumerated() {
      let found = strings.insert(token)
      if found != number {
        throw .vocabulary(.duplicate(token: token, first: found, second: number), at: place)
      }
    }
    (self.tokens, self.unknown, self.strings) = (tokens, unknown, strings)
  }

  /// Number of tokens, the unknown one among them.
  public var count: Int { tokens.count }

  /// The number of a token; `nil` where the vocabulary does not have it.
  public subscript(token: String) -> Int? { strings.number(of: token) }

  /// The number of a token, or of the one that stands for unknown ones.
  ///
  /// - Throws: ``DataError`` `vocabulary` where it is in no way known.
  public func id(of token: String, source: String = "text") throws(DataError) -> Int32 {
    guard let number = self[token] ?? unknown else {
      throw .vocabulary(.unknownToken(token: token, count: count), at: DataError.Place(source))
    }
    return Int32(number)
  }

  /// The numbers of tokens, as ``id(of:source:)``.
  public func encode(_ tokens: some Sequence<String>, source: String = "text") throws(DataError) -> [Int32] {
    var ids: [Int32] = []
    for token in tokens { ids.append(try id(of: token, source: source)) }
    return ids
  }

  /// The tokens of numbers.
  ///
  /// - Precondition: each in 0 ..< count.
  public func decode(_ ids: some Sequence<Int32>) -> [String] {
    ids.map { id in
      precondition(tokens.indices.contains(Int(id)), "Vocabulary.decode: id \(id) of \(count) tokens")
      return tokens[Int(id)]
    }
  }

  /// Refuses a vocabulary that is not the one a model was made with.
  ///
  /// - Throws: ``DataError`` `vocabulary` `size` or `otherToken`.
  public func checkFits(_ model: Vocabulary, source: String = "vocabulary") throws(DataError) {
    try checkSize(model.count, source: source)
    for (number, (found, expected)) in zip(tokens, model.tokens).enumerated()
    where !found.utf8.elementsEqual(expected.utf8) {
      throw .vocabulary(
        .otherToken(found: found, expected: expected, number: number), at: DataError.Place(source))
    }
  }

  /// Refuses a vocabulary of another size than a model's inputs or outputs.
  ///
  /// - Throws: ``DataError`` `vocabulary` `size`.
  public func checkSize(_ expected: Int, source: String = "vocabulary") throws(DataError) {
    guard count == expected else {
      throw .vocabulary(.size(found: count, expected: expected), at: DataError.Place(source))
    }
  }
}

extension Vocabulary: Hashable {
  public static func == (left: Vocabulary, right: Vocabulary) -> Bool {
    left.unknown == right.unknown && left.count == right.count
      && zip(left.tokens, right.tokens).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(unknown)
    for token in tokens { hasher.combine(Array(token.utf8)) }
  }
}

extension Vocabulary: Codable {
  enum CodingKeys: CodingKey { case tokens, unknown }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      tokens: values.decode([String].self, forKey: .tokens),
      unknown: values.decodeIfPresent(Int.self, forKey: .unknown))
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(tokens, forKey: .tokens)
    try values.encodeIfPresent(unknown, forKey: .unknown)
  }
}
