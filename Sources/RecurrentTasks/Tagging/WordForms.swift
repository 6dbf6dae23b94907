internal import Recurrent

/// The different words of some sentences, each as a tagger's network reads it: the row of its vector, its characters, and
/// how probably training replaces it.
///
/// Words differ where their bytes do, so that what stands for a word does not depend on the others.
public struct WordForms: Sendable, Hashable {
  /// Of each form, its row of the table of word vectors.
  private(set) var rows: [Int32] = []
  /// The numbers of all characters, form after form.
  private(set) var characters: [Int32] = []
  /// Where each form's characters begin, and the end of the last.
  private(set) var starts: [Int] = [0]
  /// Of each form, the probability that training reads the unknown word in its place.
  private(set) var replacement: [Double] = []

  /// None.
  public init() {}

  /// Forms.
  public var count: Int { rows.count }

  /// Adds a form.
  ///
  /// - Parameters:
  ///   - row: of its vector.
  ///   - characters: their numbers; may be none.
  ///   - replacement: the probability that training reads the unknown word in its place; default 0.
  /// - Returns: its number.
  @discardableResult
  public mutating func append(row: Int32, characters own: [Int32], replacement share: Double = 0) -> Int32 {
    rows.append(row)
    characters += own
    starts.append(characters.count)
    replacement.append(share)
    return Int32(rows.count - 1)
  }

  /// Characters of a form.
  func length(of form: Int) -> Int { starts[form + 1] - starts[form] }
}
