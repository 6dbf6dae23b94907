internal import RecurrentCore
public import RecurrentData

/// What a tagger knows of words and tags before its network: which have numbers, and what words are usually.
public struct TaggerVocabulary: Codable, Equatable, Sendable {
  /// The rows of the table of word vectors; 0 stands for all others.
  public let words: Vocabulary
  /// The characters that words are spelled with; 0 stands for all others.
  public let characters: Vocabulary
  /// The tags that the network gives.
  public let tags: [String]
  /// The training text's words as they are written.
  let known: Vocabulary
  /// Of each of them, the tag that it has most often.
  let usual: [Int]
  /// The tag that most different words have.
  let usualOfOthers: Int

  /// Counts a training text.
  ///
  /// - Parameters:
  ///   - tagged: a text with all tags of the task: the training text, or the file that it is a part of.
  ///   - vectors: words that have pre-trained vectors are known however rare.
  init(
    _ text: TaggedText, tagsOf tagged: TaggedText, _ configuration: TaggerConfiguration,
    vectors: PretrainedVectors? = nil
  ) throws(DataError) {
    tags = Self.tags(tagged, configuration)
    let all = TokenCounts(of: text.words.joined().map { Self.key($0, configuration) })
    var counts = TokenCounts()
    for (token, count) in all.mostFrequentFirst
    where count >= configuration.minimumCount || vectors?[token] != nil {
      counts.add(token, times: count)
    }
    // Where every word is rare the unknown one is all there is.
    words =
      counts.count == 0
      ? try Vocabulary(tokens: [Vocabulary.usualUnknown], unknown: 0)
      : try Vocabulary(counts, source: text.source)
    characters = try Vocabulary(
      TokenCounts(of: text.words.joined().lazy.flatMap { $0.unicodeScalars.map { String($0) } }),
      source: text.source)
    known = try Vocabulary(
      TokenCounts(of: text.words.joined()), Vocabulary.Rule(unknown: nil), source: text.source)
    let numbers = try text.numbers(tags, learned: configuration.learnedScheme)
    var table = [[Int32]](repeating: [Int32](repeating: 0, count: tags.count), count: known.count)
    for (words, tags) in zip(text.words, numbers) {
      for (word, tag) in zip(words, tags) { if let number = known[word] { table[number][tag] += 1 } }
    }
    func mostFrequent(_ counts: [Int32]) -> Int {
      counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
    }
    usual = table.map(mostFrequent)
    var types = [Int32](repeating: 0, count: tags.count)
    for tag in usual { types[tag] += 1 }
    usualOfOthers = mostFrequent(types)
  }

  /// Of entities: O, then every position of every type; else the most frequent first.
  private static func tags(_ text: TaggedText, _ configuration: TaggerConfiguration) -> [String] {
    guard let scheme = configuration.learnedScheme else {
      // Tokens that differ in nothing but how Unicode spells them are one tag, as everywhere in Swift; the more frequent spelling is
      // written.
      var seen = Set<String>()
      return TokenCounts(of: text.tags.joined()).mostFrequentFirst.map(\.token)
        .filter { seen.insert($0).inserted }
    }
    let types = Set(text.entityTags.joined().filter { $0.position != .outside }.map(\.type)).sorted()
    let positions: [EntityTag.Position] =
      scheme == .bioes ? [.begin, .inside, .end, .single] : [.begin, .inside]
    return ["O"] + types.flatMap { type in positions.map { "\(EntityTag($0, type))" } }
  }

  /// The first place that no training could have written; `nil`: there is none.
  var inconsistency: String? {
    if words.unknown != 0 { return "vocabulary.words" }
    if characters.unknown != 0 { return "vocabulary.characters" }
    if tags.isEmpty || Set(tags).count != tags.count { return "vocabulary.tags" }
    if usual.count != known.count || !usual.allSatisfy(tags.indices.contains) { return "vocabulary.usual" }
    return tags.indices.contains(usualOfOthers) ? nil : "vocabulary.usualOfOthers"
  }

  // MARK: - Words

  /// What a word's vector is found by.
  static func key(_ word: String, _ configuration: TaggerConfiguration) -> String {
    configuration.foldsCase ? word.lowercased() : word
  }

  /// Whether the training text has a word, as it is written: by this, figures tell known words from unknown ones. Such a word may
  /// be too rare for a vector of its own, and one that was not seen may share the vector of its spelling in lower case.
  public func wasSeen(_ word: String) -> Bool { known[word] != nil }

  /// Whether the network has a vector for a word, by its key (in lower case, where case is folded); else it reads the unknown
  /// word's vector in its place. `tag` and `explain` count and mark words by this.
  public func hasVector(_ word: String, _ configuration: TaggerConfiguration) -> Bool {
    // A word that is spelled like what stands for unknown ones has that row.
    words[Self.key(word, configuration)].map { $0 != words.unknown } ?? false
  }

  /// The tag that a word has most often in the training text; of another word, the one that most different words have.
  func usualTag(of word: String) -> Int { known[word].map { usual[$0] } ?? usualOfOthers }

  /// The forms of sentences.
  ///
  /// - Parameter counts: of the training text by ``key(_:_:)``, where words are to be replaced by chance; `nil`: in use.
  func forms(
    _ sentences: [[String]], _ configuration: TaggerConfiguration, counts: TokenCounts? = nil
  ) -> (forms: WordForms, sentences: [[Int32]]) {
    var forms = WordForms()
    // By bytes: equal strings of Swift may be spelled in different ways.
    var numbers: [[UInt8]: Int32] = [:]
    let result = sentences.map { words in
      words.map { word in
        let bytes = Array(word.utf8)
        if let number = numbers[bytes] { return number }
        let key = Self.key(word, configuration)
        let number = forms.append(
          row: Int32(self.words[key] ?? 0), characters: spelling(word, longest: configuration.longestWord),
          replacement: counts.map { Self.replacement($0[key], configuration) } ?? 0)
        numbers[bytes] = number
        return number
      }
    }
    return (forms, result)
  }

  private func spelling(_ word: String, longest: Int) -> [Int32] {
    var scalars = word.unicodeScalars.map { String($0) }
    if scalars.count > longest { scalars = scalars.prefix((longest + 1) / 2) + scalars.suffix(longest / 2) }
    return scalars.map { Int32(characters[$0] ?? 0) }
  }

  /// The probability that training reads the unknown word in place of one that it shows so many times.
  private static func replacement(_ count: Int, _ configuration: TaggerConfiguration) -> Double {
    let rare = configuration.rareWordDropout
    let byRarity = rare == 0 ? 0 : rare / (rare + Double(count))
    return configuration.wordDropout + (1 - configuration.wordDropout) * byRarity
  }
}
