internal import Recurrent
internal import RecurrentTraining

/// Tagged sentences by number, as a trainer reads them.
struct TaggerExamples: BatchSource {
  let forms: WordForms
  let sentences: [[Int32]]
  let tags: [[Int]]

  var count: Int { sentences.count }

  func batch(_ indices: [Int]) -> TaggerNetwork<Float>.Batch {
    TaggerNetwork.Batch(
      forms: forms, sentences: indices.map { sentences[$0] }, tags: indices.map { tags[$0] },
      identifiers: indices.map { UInt64($0) })
  }
}
