internal import RecurrentCore
public import RecurrentData

/// Sentences of words, each with a tag, as two columns of a file have them.
public struct TaggedText: Sendable, Hashable {
  /// The file's name.
  public let source: String
  /// By sentences.
  public let words: [[String]]
  /// By sentences, as they are written.
  public let tags: [[String]]
  private let file: ColumnFile
  private let column: Int
  /// Which sentence of the file is the first here.
  private let first: Int

  /// Reads two columns.
  ///
  /// - Throws: ``DataError``: there is no such column, a line without it, or a word without a tag.
  public init(_ file: ColumnFile, tokens: ColumnKey, labels: ColumnKey) throws(DataError) {
    words = try file.column(tokens)
    tags = try file.column(labels)
    column = try file.number(of: labels)
    (source, self.file, first) = (file.source, file, 0)
    for (sentence, own) in tags.enumerated() {
      if let word = own.firstIndex(of: "") { throw .sequence(.missingLabel, at: place(sentence, word)) }
    }
  }

  private init(_ other: TaggedText, _ range: Range<Int>, tags: ArraySlice<[String]>? = nil) {
    (source, file, column) = (other.source, other.file, other.column)
    words = Array(other.words[range])
    self.tags = Array(tags ?? other.tags[range])
    first = other.first + range.lowerBound
  }

  /// Some of the sentences.
  public func part(_ range: Range<Int>) -> TaggedText { TaggedText(self, range) }

  /// Words of all sentences.
  public var wordCount: Int { words.reduce(0) { $0 + $1.count } }

  private func place(_ sentence: Int, _ word: Int) -> DataError.Place {
    file.place(sentence: first + sentence, word: word, column: column)
  }

  // MARK: - Tags

  /// What the tags are: of entities, where one begins with B- or I- and one is O, or where all can be.
  ///
  /// - Parameter repairs: whether tags that no scheme allows make the scheme `bio`, in place of an error.
  /// - Throws: ``DataError``: a tag that is none of an entity among others that are, or that no scheme allows beside those
  ///   before it, with its place.
  func detectedTags(repairs: Bool) throws(DataError) -> TaggerConfiguration.Tags {
    let different = Set(tags.joined())
    let marks = different.contains { $0.hasPrefix("B-") || $0.hasPrefix("I-") }
    let isWhole = different.allSatisfy { EntityTag($0) != nil } && different.contains { $0.hasPrefix("B") }
    guard marks && different.contains("O") || isWhole else { return .plain }
    let entities = try EntityColumn(file, column: .number(column))
    do throws(DataError) {
      return .entities(try entities.scheme())
    } catch {
      if repairs { return .entities(.bio) }
      throw error
    }
  }

  /// The same words with tags that a scheme allows.
  ///
  /// - Parameter repairs: whether others are mended; otherwise the first is an error.
  /// - Throws: ``DataError``: a text that is no tag of an entity, or a tag that the scheme does not allow, with its place.
  func checked(_ scheme: TagScheme, repairs: Bool) throws(DataError) -> TaggedText {
    let entities = try EntityColumn(file, column: .number(column))
    if !repairs {
      if let violation = entities.violations(of: scheme).first { throw violation }
      return self
    }
    let mended = entities.sentences.map { tags in
      scheme.violations(in: tags).isEmpty ? tags.map(\.description) : scheme.repaired(tags).map(\.description)
    }
    return TaggedText(self, words.indices, tags: mended[first..<first + words.count])
  }

  /// The numbers of the tags.
  ///
  /// - Throws: ``DataError``: a tag that is not among `names`, with its place.
  func numbers(_ names: [String], learned scheme: TagScheme? = nil) throws(DataError) -> [[Int]] {
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var result: [[Int]] = []
    for (sentence, own) in tags.enumerated() {
      // Tags were read as tags of entities before.
      let written =
        scheme.map { $0.repaired(own.compactMap { EntityTag($0) }).map(\.description) } ?? own
      var list: [Int] = []
      for (word, tag) in written.enumerated() {
        guard let number = numbers[tag] else {
          throw .sequence(
            .unknownLabel(
              text: own[word], nearest: nearestName(to: own[word], among: names), available: names),
            at: place(sentence, word))
        }
        list.append(number)
      }
      result.append(list)
    }
    return result
  }

  /// Tags as they are of entities; a text that is none counts as outside.
  var entityTags: [[EntityTag]] { tags.map { $0.map { EntityTag($0) ?? .outside } } }
}

extension TaggedText {
  /// Words and tags, a line each and one between sentences: what a checksum is of.
  var checkedBytes: [UInt8] {
    var bytes: [UInt8] = []
    for (words, tags) in zip(words, tags) {
      for (word, tag) in zip(words, tags) { bytes += Array("\(word)\t\(tag)\n".utf8) }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}

extension TaggerConfiguration {
  /// With what a file says about what was left open.
  public func resolved(for file: ColumnFile) throws(DataError) -> TaggerConfiguration {
    var result = self
    if labelColumn == nil { try file.requireEvenColumns() }
    let isCoNLLU = file.isNumbered && file.columnCount == ColumnKey.conlluNames.count
    result.tokenColumn = tokenColumn ?? (isCoNLLU ? .name("form") : .number(1))
    result.labelColumn = labelColumn ?? (isCoNLLU ? .name("upos") : .number(max(2, file.columnCount)))
    let text = try result.text(file)
    if tags == nil { result.tags = try text.detectedTags(repairs: repairs) }
    result.output = output ?? (result.scheme == nil ? .softmax : .field)
    return result
  }

  /// The words of a file as their vectors are found by: what is wanted of a file of vectors.
  ///
  /// - Precondition: the columns are named, as by ``resolved(for:)``.
  public func words(of file: ColumnFile) throws(DataError) -> Set<String> {
    guard let tokenColumn else { preconditionFailure("columns that no file has decided") }
    return Set(try file.column(tokenColumn).joined().map { TaggerVocabulary.key($0, self) })
  }

  /// A file's columns as the configuration names them; tags of entities are checked, or mended.
  ///
  /// - Precondition: the columns are named.
  func text(_ file: ColumnFile) throws(DataError) -> TaggedText {
    guard let tokenColumn, let labelColumn else { preconditionFailure("columns that no file has decided") }
    let text = try TaggedText(file, tokens: tokenColumn, labels: labelColumn)
    guard let scheme else { return text }
    return try text.checked(scheme, repairs: repairs)
  }
}
