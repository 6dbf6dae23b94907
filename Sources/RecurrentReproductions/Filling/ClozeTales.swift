internal import Foundation
internal import Recurrent

/// The children's tales of the CFT data (Cui et al. 2016), parted by tale: `cft.test.auto` and `cft.test.human`, whose lines are
/// a sentence's number, its words, and of a question the answer, with `|||` between them.
package struct ClozeTales {
  /// Sentences without spaces between their words, each once: to learn from, that choose the epoch, held out.
  package let training: [String]
  package let validation: [String]
  package let heldOut: [String]
  /// Different tales, and those that are held out.
  package let tales: Int
  package let heldOutTales: Int

  static let files = ["cft.test.auto", "cft.test.human"]

  /// - Parameter folder: of the unpacked archive; the files may lie in a folder `cft` inside.
  /// - Throws: `DataError` where the files cannot be read, ``ReproductionDataError`` where they are others.
  init(folder: String) throws {
    var documents: [[String]] = []
    let inner = folder + "/cft"
    let place = FileManager.default.fileExists(atPath: inner) ? inner : folder
    for file in Self.files {
      let text = try TextSentences(contentsOf: "\(place)/\(file)")
      var document: [String] = []
      for (line, sentence) in zip(text.lines, text.sentences) {
        let parts = sentence.components(separatedBy: "|||")
        guard parts.count > 1, let number = Int(parts[0].trimmingCharacters(in: .whitespaces)) else {
          throw ReproductionDataError(
            "\(text.source):\(line): found no number and sentence with '|||' between them, expected a line of the CFT data; give --data the folder in which cft.zip was unpacked"
          )
        }
        if number == 1, !document.isEmpty {
          documents.append(document)
          document = []
        }
        // A question repeats a sentence with a hole in it.
        if parts.count == 2 { document.append(parts[1].filter { !$0.isWhitespace }) }
      }
      documents.append(document)
    }
    self.init(documents)
  }

  /// Parts of one tale share sentences, which tells them; a tale stands in one part of the data alone. Of ten tales, in their order,
  /// the ninth chooses the epoch and the tenth is held out.
  package init(_ documents: [[String]]) {
    var tale = Array(documents.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while tale[index] != index { index = tale[index] }
      return index
    }
    var seen: [String: Int] = [:]
    for (number, document) in documents.enumerated() {
      for sentence in document {
        guard let earlier = seen[sentence] else {
          seen[sentence] = number
          continue
        }
        // Short ones, such as "他说：", stand in many tales.
        guard sentence.count > 5 else { continue }
        let roots = [root(earlier), root(number)].sorted()
        tale[roots[1]] = roots[0]
      }
    }
    var parts: [[String]] = [[], [], []]
    var part: [Int: Int] = [:]
    var taken = Set<String>()
    for (number, document) in documents.enumerated() {
      let own = root(number)
      let place = part[own] ?? [0, 0, 0, 0, 0, 0, 0, 0, 1, 2][part.count % 10]
      part[own] = place
      parts[place] += document.filter { !$0.isEmpty && taken.insert($0).inserted }
    }
    (training, validation, heldOut) = (parts[0], parts[1], parts[2])
    tales = part.count
    heldOutTales = part.values.count { $0 == 2 }
  }
}
