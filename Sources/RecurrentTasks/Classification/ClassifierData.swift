public import Recurrent
internal import RecurrentCore

/// Labelled examples: texts, or series of measurements.
public struct ClassifierData: Sendable {
  /// What an example is.
  public enum Examples: Sendable {
    /// Texts.
    case texts(LabelledTexts)
    /// Series of measurements.
    case series(LabelledSeries)
  }

  /// The examples with their labels.
  public let examples: Examples
  /// The file or folder, as errors call it.
  public let source: String

  /// Examples that were read from `source`.
  public init(_ examples: Examples, source: String) {
    (self.examples, self.source) = (examples, source)
  }

  /// For each example an index into ``labelNames``.
  public var labels: [Int] {
    switch examples {
    case .texts(let texts): texts.labels
    case .series(let series): series.labels
    }
  }

  /// Every label once.
  public var labelNames: [String] {
    switch examples {
    case .texts(let texts): texts.labelNames
    case .series(let series): series.labelNames
    }
  }

  /// How many.
  public var count: Int { labels.count }

  /// Some of the examples, in the order of their numbers as given; labels keep their indices.
  public func selecting(_ indices: [Int]) -> ClassifierData {
    switch examples {
    case .texts(let texts): ClassifierData(.texts(texts.selecting(indices)), source: source)
    case .series(let series): ClassifierData(.series(series.selecting(indices)), source: source)
    }
  }

  /// "texts" or "series".
  public var noun: String { if case .texts = examples { "texts" } else { "series" } }

  /// `file:line` of an example.
  func place(_ index: Int) -> DataError.Place {
    switch examples {
    case .texts(let texts): texts.place(index)
    case .series(let series): series.place(index)
    }
  }

  /// Numbers of equal texts, which must not stand in two parts.
  var groups: [Int]? { if case .texts(let texts) = examples { texts.distinctTexts } else { nil } }

  /// The label of a table's first line, where no other line has it and others come more than once: the names of columns would
  /// be read so.
  package var labelOfFirstLineAlone: String? {
    guard case .texts(let texts) = examples, let first = labels.first, labelNames.count < count,
      texts.place(0).source == source, texts.place(0).line == 1, !labels.dropFirst().contains(first)
    else { return nil }
    return labelNames[first]
  }

  /// The labels as numbers of other names: those of the examples that a model learned from.
  ///
  /// - Throws: ``TextTaskFault/unseenLabel(place:label:nearest:known:)``.
  func targets(among names: [String]) throws(TaskError) -> [Int] {
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var targets: [Int] = []
    for (index, label) in labels.enumerated() {
      let name = labelNames[label]
      guard let number = numbers[name] else {
        throw .text(
          .unseenLabel(
            place: "\(place(index))", label: name, nearest: nearestName(to: name, among: names), known: names)
        )
      }
      targets.append(number)
    }
    return targets
  }

  /// A number that another text, value, label or order of them changes.
  var checksum: String {
    var sum: UInt64 = 0
    func add(_ bytes: [UInt8]) {
      sum = crc64(withUnsafeBytes(of: (sum, bytes.count)) { Array($0) } + bytes)
    }
    for index in 0..<count {
      add(Array(labelNames[labels[index]].utf8))
      switch examples {
      case .texts(let texts): add(Array(texts.texts[index].utf8))
      case .series(let series): add(series.values[index].withUnsafeBytes { Array($0) })
      }
    }
    return hexadecimal(sum)
  }
}
