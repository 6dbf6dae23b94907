internal import Recurrent
internal import RecurrentTasks

/// The RNN chapter of the source notes, with numbers: the one-hot table, the shapes, the way forward, and the
/// contribution of every step to every gradient.
///
///     a⟨t⟩ = tanh(W_aa a⟨t−1⟩ + W_ax x⟨t⟩ + b_a),  ŷ⟨t⟩ = σ(W_ya a⟨t⟩ + b_y),  L = Σₜ −[y log ŷ + (1−y) log(1−ŷ)]
package struct NoteOneHot: Reproduction {
  package static let name = "note-002"
  package static let summary =
    "one-hot words, shapes and the contribution of every time step to every gradient"
  package static let data: String? = nil
  package static let options: Set<ReproductionOption> = [.seed]

  /// Punctuation is left out; words are numbered in order of first appearance.
  package static let sentence = "I am a student."
  /// One label a step, for the many-to-many form.
  static let labels = [1.0, 0, 0, 1]
  static let hiddenSize = 3

  let words: [String]
  let input: SequenceBatch<Double>
  let cell: SimpleRNNCell<Double>
  let head: Linear<Double>
  let parameters: ParameterStore<Double>

  package init(settings: ReproductionSettings) {
    words = Self.sentence.split { !$0.isLetter }.map(String.init)
    let vocabulary = words.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let rows = words.map { word in vocabulary.map { $0 == word ? 1.0 : 0 } }
    input = SequenceBatch(sequences: [rows], features: vocabulary.count)
    var layout = ParameterLayout()
    cell = SimpleRNNCell(
      inputSize: vocabulary.count, hiddenSize: Self.hiddenSize, initialization: .normal, named: "a",
      in: &layout)
    head = Linear(
      inputSize: Self.hiddenSize, outputSize: 1, initializer: .normal(standardDeviation: 1), named: "y",
      in: &layout)
    parameters = ParameterStore(initializing: layout, seed: settings.seed)
  }

  package func report(_ progress: @escaping @Sendable (String) -> Void) -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "RNN chapter: one-hot words, shapes, and back-propagation through time")
    report.tables.append(oneHotTable)
    report.tables.append(shapeTable)
    let contributions = contributions()
    report.tables.append(contributions.forwardTable)
    report.tables.append(contributions.gradientTable)
    report.checks = contributions.checks
    return report
  }

  private var oneHotTable: ReproductionReport.Table {
    .init(
      "One-hot coding of \u{201C}\(Self.sentence)\u{201D}", columns: ["t", "word", "x"],
      rows: words.enumerated().map { t, word in
        ["\(t + 1)", word, "[" + input.step(t).row(0).map { "\(Int($0))" }.joined(separator: ", ") + "]"]
      })
  }

  /// The note writes columns, x (n_x, 1); the package writes rows, x [B, F]: each shape is the other's transpose.
  private var shapeTable: ReproductionReport.Table {
    let slots: [(String, ParameterSlot?)] = [
      ("W_ax", cell.weightInput), ("W_aa", cell.weightHidden), ("b_a", cell.bias), ("W_ya", head.weight),
      ("b_y", head.bias),
    ]
    let values = [("x⟨t⟩", cell.inputSize), ("a⟨t⟩", cell.outputSize), ("ŷ⟨t⟩", head.outputSize)]
    let rows =
      values.map { [$0.0, "(\($0.1), 1)", "[1, \($0.1)]", ""] }
      + slots.compactMap { name, slot in
        slot.map { slot in
          let isBias = slot.rows == 1 && name.hasPrefix("b")
          let shape = isBias ? "(\(slot.columns), 1)" : "(\(slot.rows), \(slot.columns))"
          return [name, shape, "[\(slot.rows), \(slot.columns)]", slot.name]
        }
      }
    return .init(
      "Shapes, layer_dims = [\(cell.inputSize), \(cell.outputSize), \(head.outputSize)]",
      columns: ["name", "in the note (columns)", "here (rows)", "slot"], rows: rows,
      note: "weights are stored as [outputs, inputs] in both; vectors are columns there and rows here")
  }
}
