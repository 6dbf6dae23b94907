/// Scalars in, keys of tokens out. A key is the scalar's or the byte's number, or the number of the word among `words`.
package struct TokenScanner {
  private let unit: TokenUnit
  private let folding: TextFolding
  private let separatesPunctuation: Bool
  /// The keys so far. Whoever takes them away adds their number to `taken`.
  package var keys: [UInt32] = []
  var taken = 0
  /// The words that came, or that were put in before.
  var words: ByteStrings
  /// Where documents begin, as numbers of tokens, but for the first: behind each run of blank lines, where they are asked for.
  private(set) var documentStarts: [Int] = []
  /// Lines ended so far, + 1.
  private(set) var line = 1

  private var word: [UInt8] = []
  /// Of letters: whether the line has one, and whether something else came after the last.
  private var (lineHasLetters, hasGap) = (false, false)
  /// Of documents: whether the line has anything but white space, and where the next document begins if it has.
  private var lineIsBlank = true
  private var nextStart: Int?
  private let findsDocuments: Bool

  package init(_ tokenizer: Tokenizer) { self.init(tokenizer, words: ByteStrings()) }

  /// - Parameter findsDocuments: whether their starts are kept; of a long text they take room.
  init(_ tokenizer: Tokenizer, words: ByteStrings, findsDocuments: Bool = true) {
    (unit, folding, self.findsDocuments) = (tokenizer.unit, tokenizer.folding, findsDocuments)
    separatesPunctuation = tokenizer.separatesPunctuation
    self.words = words
  }

  /// Tokens so far.
  var count: Int { taken + keys.count }
  /// Bytes of the word that has not ended.
  var openWordLength: Int { word.count }

  /// The token that a key stands for.
  func token(of key: UInt32) -> String {
    unit == .words ? words[Int(key)] : String(Character(Unicode.Scalar(key)!))
  }

  mutating func take(_ scalar: UInt32) {
    let isBlank = isWhitespace(scalar)
    if !isBlank, lineIsBlank { beginLine() }
    switch folding {
    case .none: emit(scalar, isBlank)
    case .lowercase: emitLowercase(scalar, isBlank)
    case .letters: emitLetters(scalar)
    }
    if scalar == 10 { endLine() }
  }

  /// A byte as it is, of a text that need not be UTF-8.
  mutating func take(byte: UInt8) {
    if lineIsBlank, !(byte < 0x80 && isWhitespace(UInt32(byte))) { beginLine() }
    keys.append(UInt32(byte))
    if byte == .lineFeed { endLine() }
  }

  private mutating func beginLine() {
    lineIsBlank = false
    guard let start = nextStart else { return }
    nextStart = nil
    if start > documentStarts.last ?? 0 { documentStarts.append(start) }
  }

  private mutating func endLine() {
    line += 1
    if lineIsBlank && findsDocuments { nextStart = count }
    lineIsBlank = true
  }

  private mutating func emitLowercase(_ scalar: UInt32, _ isBlank: Bool) {
    if scalar < 0x80 {
      emit(65...90 ~= scalar ? scalar + 32 : scalar, isBlank)
    } else {
      for small in Unicode.Scalar(scalar)!.properties.lowercaseMapping.unicodeScalars {
        emit(small.value, isBlank)
      }
    }
  }

  private mutating func emitLetters(_ scalar: UInt32) {
    let small = scalar | 32
    if 97...122 ~= small, scalar < 128 {
      if hasGap && lineHasLetters { emit(32, true) }
      (lineHasLetters, hasGap) = (true, false)
      emit(small, false)
    } else if scalar == 10 || scalar == 13 {
      (lineHasLetters, hasGap) = (false, false)
      endWord()
    } else {
      hasGap = true
    }
  }

  private mutating func emit(_ scalar: UInt32, _ isBlank: Bool) {
    switch unit {
    case .characters: keys.append(scalar)
    case .bytes:
      if scalar < 0x80 {
        keys.append(scalar)
      } else {
        for byte in UTF8.encode(Unicode.Scalar(scalar)!)! { keys.append(UInt32(byte)) }
      }
    case .words:
      if isBlank {
        endWord()
      } else if scalar < 0x80 {
        word.append(UInt8(scalar))
      } else {
        word.append(contentsOf: UTF8.encode(Unicode.Scalar(scalar)!)!)
      }
    }
  }

  /// Ends the word that is open, if there is one; to be called at the end of the text.
  mutating func endWord() {
    if word.isEmpty { return }
    if separatesPunctuation {
      endPunctuatedWord()
    } else {
      keys.append(UInt32(word.withUnsafeBufferPointer { words.insert($0) }))
    }
    word.removeAll(keepingCapacity: true)
  }

  private mutating func endPunctuatedWord() {
    let scalars = Array(String(decoding: word, as: UTF8.self).unicodeScalars)
    let begin = scalars.firstIndex { !isPunctuation($0) } ?? scalars.count
    let end = max(begin, (scalars.lastIndex { !isPunctuation($0) } ?? -1) + 1)
    func append(_ text: String) { keys.append(UInt32(words.insert(text))) }
    for mark in scalars[..<begin] { append(String(mark)) }
    if begin < end {
      var inner = String.UnicodeScalarView()
      inner.append(contentsOf: scalars[begin..<end])
      append(String(inner))
    }
    for mark in scalars[end...] { append(String(mark)) }
  }
}

/// Unicode's White_Space. By number, since a look-up in the standard library's tables costs more than all else about a scalar.
package func isWhitespace(_ scalar: UInt32) -> Bool {
  if scalar < 0x80 { return scalar == 32 || 9...13 ~= scalar }
  switch scalar {
  case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return true
  default: return false
  }
}

private func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
    .finalPunctuation, .otherPunctuation:
    true
  default: false
  }
}
