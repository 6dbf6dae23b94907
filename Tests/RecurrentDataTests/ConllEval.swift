/// conlleval step by step, as its script counts: from tag to tag with a memory of the one before, no entity is ever built.
struct ConllEval {
  var correct: [String: Int] = [:], gold: [String: Int] = [:], guessed: [String: Int] = [:]
  var tokens = 0, correctTags = 0

  private static func cut(_ tag: String) -> (String, String) {
    guard let hyphen = tag.firstIndex(of: "-") else { return (tag, "") }
    return (String(tag[..<hyphen]), String(tag[tag.index(after: hyphen)...]))
  }

  /// The script's rules for B, I, O and E; those with S are its translation's.
  private static func ends(_ before: String, _ tag: String, _ typeBefore: String, _ type: String) -> Bool {
    var ends = false
    if before == "E" { ends = true }
    if before == "S" { ends = true }
    if before == "B" && tag == "B" { ends = true }
    if before == "B" && tag == "S" { ends = true }
    if before == "B" && tag == "O" { ends = true }
    if before == "I" && tag == "B" { ends = true }
    if before == "I" && tag == "S" { ends = true }
    if before == "I" && tag == "O" { ends = true }
    if before != "O" && before != "." && typeBefore != type { ends = true }
    return ends
  }

  private static func starts(_ before: String, _ tag: String, _ typeBefore: String, _ type: String) -> Bool {
    var starts = false
    if tag == "B" { starts = true }
    if tag == "S" { starts = true }
    if before == "E" && tag == "E" { starts = true }
    if before == "E" && tag == "I" { starts = true }
    if before == "S" && tag == "E" { starts = true }
    if before == "S" && tag == "I" { starts = true }
    if before == "O" && tag == "E" { starts = true }
    if before == "O" && tag == "I" { starts = true }
    if tag != "O" && tag != "." && typeBefore != type { starts = true }
    return starts
  }

  init(gold sentences: [[String]], guessed guesses: [[String]]) {
    var inCorrect = false
    var (lastGold, lastGuessed) = (("O", ""), ("O", ""))
    for (sentence, guess) in zip(sentences, guesses) {
      for (goldTag, guessedTag) in zip(sentence + ["O"], guess + ["O"]).enumerated().map({ $0.element }) {
        let (now, nowGuessed) = (Self.cut(goldTag), Self.cut(guessedTag))
        let goldEnds = Self.ends(lastGold.0, now.0, lastGold.1, now.1)
        let guessedEnds = Self.ends(lastGuessed.0, nowGuessed.0, lastGuessed.1, nowGuessed.1)
        if inCorrect {
          if goldEnds && guessedEnds && lastGuessed.1 == lastGold.1 {
            inCorrect = false
            correct[lastGold.1, default: 0] += 1
          } else if goldEnds != guessedEnds || nowGuessed.1 != now.1 {
            inCorrect = false
          }
        }
        let goldStarts = Self.starts(lastGold.0, now.0, lastGold.1, now.1)
        let guessedStarts = Self.starts(lastGuessed.0, nowGuessed.0, lastGuessed.1, nowGuessed.1)
        if goldStarts && guessedStarts && nowGuessed.1 == now.1 { inCorrect = true }
        if goldStarts { gold[now.1, default: 0] += 1 }
        if guessedStarts { guessed[nowGuessed.1, default: 0] += 1 }
        (lastGold, lastGuessed) = (now, nowGuessed)
      }
      tokens += sentence.count
      correctTags += zip(sentence, guess).count { $0 == $1 }
    }
  }
}
