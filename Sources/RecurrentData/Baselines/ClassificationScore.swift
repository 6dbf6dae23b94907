/// How well predicted classes agree with the true ones.
public struct ClassificationScore: Codable, Hashable, Sendable {
  /// The figures of one class.
  public struct ClassFigures: Codable, Hashable, Sendable {
    /// The class.
    public let name: String
    /// Examples of the class.
    public let support: Int
    /// Examples that were predicted to be of it.
    public let predicted: Int
    /// Examples of the class that were predicted to be.
    public let correct: Int

    /// correct / predicted; `nil` where it was never predicted.
    public var precision: Double? { predicted == 0 ? nil : Double(correct) / Double(predicted) }
    /// correct / support; `nil` where no example has the class.
    public var recall: Double? { support == 0 ? nil : Double(correct) / Double(support) }
    /// 2 correct / (support + predicted), the harmonic mean of precision and recall; `nil` where neither an example nor a
    /// prediction has the class.
    public var f1: Double? {
      support + predicted == 0 ? nil : 2 * Double(correct) / Double(support + predicted)
    }
  }

  /// The names of the classes.
  public let classes: [String]
  /// Examples by true class (row) and predicted class (column).
  public let confusion: [[Int]]

  /// - Parameters:
  ///   - predictions: numbers of classes.
  ///   - targets: the true ones.
  ///   - classes: their names, by number.
  /// - Precondition: as many predictions as targets, at least one, each in 0 ..< classes.count.
  public init(predictions: [Int], targets: [Int], classes: [String]) {
    precondition(
      !targets.isEmpty && predictions.count == targets.count,
      "ClassificationScore: \(predictions.count) predictions for \(targets.count) targets")
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (prediction, target) in zip(predictions, targets) {
      precondition(
        classes.indices.contains(prediction) && classes.indices.contains(target),
        "ClassificationScore: classes \(prediction) and \(target) of \(classes.count)")
      confusion[target][prediction] += 1
    }
    (self.classes, self.confusion) = (classes, confusion)
  }

  /// The same by names; the classes are those that occur, in the order of their scalars.
  ///
  /// - Precondition: as many predictions as targets, at least one.
  public init(predictions: [String], targets: [String]) {
    let (classes, numbers) = ClassNumbers.numbers(predictions + targets)
    self.init(
      predictions: Array(numbers.prefix(predictions.count)),
      targets: Array(numbers.dropFirst(predictions.count)), classes: classes)
  }

  /// Examples.
  public var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Share of the examples whose prediction is right.
  public var accuracy: Double {
    Double(classes.indices.reduce(0) { $0 + confusion[$1][$1] }) / Double(count)
  }

  /// Precision, recall and F1 of each class.
  public var byClass: [ClassFigures] {
    classes.indices.map { index in
      ClassFigures(
        name: classes[index], support: confusion[index].reduce(0, +),
        predicted: confusion.reduce(0) { $0 + $1[index] }, correct: confusion[index][index])
    }
  }

  /// Mean of F1 over the classes that an example or a prediction has, each with the same weight.
  public var macroF1: Double {
    let figures = byClass.compactMap(\.f1)
    return figures.reduce(0, +) / Double(figures.count)
  }
}

// Not private: with private coding keys in an extension Swift 6.3.1 aborts on this module without optimisation.
extension ClassificationScore {
  enum CodingKeys: CodingKey { case classes, confusion }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    classes = try values.decode([String].self, forKey: .classes)
    confusion = try values.decode([[Int]].self, forKey: .confusion)
    let size = classes.count
    let isWhole =
      confusion.count == size
      && confusion.allSatisfy { row in row.count == size && row.allSatisfy { 0...1 << 40 ~= $0 } }
    guard isWhole, confusion.joined().contains(where: { $0 > 0 }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .confusion, in: values,
        debugDescription: "a confusion matrix that does not fit the classes, or has no example")
    }
  }
}
