public import Recurrent
internal import RecurrentCore

extension TextEncoder {
  /// The vectors of many sentences, each as if it were alone; `nil` for those without a token.
  ///
  /// - Parameter threads: how many may compute; they cannot change a bit.
  /// - Throws: `DataError` for the first token that the vocabulary does not have, if none stands for unknown ones.
  public func vectors(of sentences: [String], threads: Int = 1) throws(DataError) -> [SentenceVectors?] {
    let made = parallelMap(sentences.count, threads: threads) {
      index -> Result<SentenceVectors?, DataError> in
      do throws(DataError) {
        return .success(try vectors(of: sentences[index]))
      } catch {
        return .failure(error)
      }
    }
    var found: [SentenceVectors?] = []
    for result in made { found.append(try result.get()) }
    return found
  }
}
