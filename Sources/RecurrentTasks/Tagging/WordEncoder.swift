internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

/// A vector of a word from its characters, whatever the vocabulary.
///
///     characters c₁ … c_L → C[c₁] … C[c_L] → LSTM in both directions → (forward h_L, reverse h₁)
///
/// A word without a character has the vector 0. Source: Ling et al., Finding function in form (2015), arXiv:1508.02096.
struct WordEncoder<Scalar: TensorScalar>: Sendable {
  /// C `[A, size]`.
  let table: ParameterSlot
  private let layer: any SequenceLayer<Scalar>
  /// Both directions together.
  let outputSize: Int

  init(
    characters: Int, size: Int, units: Int, in layout: inout ParameterLayout
  ) throws(ModelConfigurationError) {
    guard size > 0 else { throw .size(layer: "characters", found: size) }
    table = layout.addTable(
      "characters.weight", rows: characters, columns: size, initializer: .normal(standardDeviation: 0.3))
    let cell = CellConfiguration(.lstm, size: units)
    layer = try LayerConfiguration.bidirectional(forward: cell, reverse: cell)
      .makeLayer(inputSize: size, named: "speller", in: &layout, of: Scalar.self)
    outputSize = 2 * units
  }

  /// The vectors of some words, and the way back.
  struct Run {
    /// `[words, outputSize]` row-major.
    let vectors: [Scalar]
    let run: LayerRun<Scalar>
    let symbols: [Int32]
  }

  /// - Parameters:
  ///   - chosen: numbers of forms, longest first, so that the rows of every step are neighbours.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(
    _ chosen: [Int32], of forms: WordForms, parameters: PackedParameters<Scalar>
  ) -> Run {
    let lengths = chosen.map { forms.length(of: Int($0)) }
    let (steps, count, size) = (lengths.max() ?? 0, chosen.count, table.columns)
    var input = SequenceBatch<Scalar>(zeros: steps, count, size, lengths: lengths)
    var symbols = [Int32](repeating: 0, count: steps * count)
    input.values.withUnsafeMutableBufferPointer { target in
      parameters.values.withUnsafeBufferPointer { source in
        for (place, form) in chosen.enumerated() {
          let first = forms.starts[Int(form)]
          for t in 0..<lengths[place] {
            let symbol = forms.characters[first + t]
            symbols[t * count + place] = symbol
            let row = table.offset + Int(symbol) * size
            for f in 0..<size { target[(t * count + place) * size + f] = source[row + f] }
          }
        }
      }
    }
    let run = layer.forward(input, parameters: parameters)
    let half = outputSize / 2
    var vectors = [Scalar](repeating: 0, count: count * outputSize)
    for (side, state) in [run.finalState.forward, run.finalState.reverse].enumerated() {
      guard let hidden = state?.hidden else { preconditionFailure("the speller has no state") }
      for row in 0..<count {
        for f in 0..<half { vectors[row * outputSize + side * half + f] = hidden.elements[row * half + f] }
      }
    }
    return Run(vectors: vectors, run: run, symbols: symbols)
  }

  /// Adds the gradients of the parameters.
  ///
  /// - Parameter gradient: ∂L/∂vectors `[words, outputSize]`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func pullback(_ made: Run, _ gradient: [Scalar], into gradients: inout ParameterStore<Scalar>) {
    let half = outputSize / 2
    func side(_ offset: Int, _ state: LayerState<Scalar>?) -> LayerState<Scalar> {
      guard let state else { return .none }
      return state.zeroed.mapComponents { name, matrix in
        guard name == "hidden" else { return matrix }
        var matrix = matrix
        for row in 0..<matrix.rows {
          for f in 0..<half { matrix.elements[row * half + f] = gradient[row * outputSize + offset + f] }
        }
        return matrix
      }
    }
    let state = LayerState<Scalar>.bidirectional(
      forward: side(0, made.run.finalState.forward), reverse: side(half, made.run.finalState.reverse))
    let output = made.run.output
    let back = made.run.pullback(output.blank(features: output.features), state, &gradients).input
    let (count, size) = (back.batchSize, table.columns)
    gradients.values.withUnsafeMutableBufferPointer { target in
      for t in 0..<back.steps {
        for place in 0..<count where t < back.lengths[place] {
          let row = table.offset + Int(made.symbols[t * count + place]) * size
          for f in 0..<size { target[row + f] += back.values[(t * count + place) * size + f] }
        }
      }
    }
  }
}
