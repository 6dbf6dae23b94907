internal import RecurrentCore

/// A linear layer at work.
final class LinearExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let weight: ParameterSlot
  private let bias: ParameterSlot?
  private let y = Scratch<Scalar>()
  private let dx = Scratch<Scalar>()
  private let columns: SymbolColumns<Scalar>

  init(_ layer: Linear<Scalar>) {
    weight = layer.weight
    bias = layer.bias
    columns = SymbolColumns(of: weight, bias: bias)
    super.init(
      inputSize: layer.inputSize, outputSize: layer.outputSize, work: LayerWork(weights: weight.count))
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    y.reserve(plan.steps * plan.batchSize * outputSize)
    if input.symbols != nil { columns.connect(plan) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    plan.forEachRow(
      of: thread, weights: input.symbols == nil ? weight.count : outputSize,
      Products(layer: self, parameters: parameters, isForward: true))
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    if needsInputGradient { dx.reserve(plan.steps * plan.batchSize * inputSize) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    guard needsInputGradient else { return }
    plan.forEachRow(
      of: thread, weights: weight.count, Products(layer: self, parameters: parameters, isForward: false))
  }

  /// y = x Wᵀ + b of rows, or dx = dy W.
  private struct Products: RowWork {
    let layer: LinearExecution
    let parameters: PackedParameters<Scalar>.Pointers
    let isForward: Bool

    func work(on rows: SequencePlan.Rows, worker: Int) {
      if isForward {
        layer.forward(parameters, rows, worker)
      } else {
        layer.backpropagate(parameters, rows)
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func forward(
    _ parameters: PackedParameters<Scalar>.Pointers, _ rows: SequencePlan.Rows, _ worker: Int
  ) {
    if let symbols = input.symbols {
      columns.gather(symbols, parameters, rows, to: y.base, worker: worker)
      return
    }
    Scalar._multiplyRows(
      rows.count, rows.index, columns: outputSize, inner: inputSize, input.values + rows.first * inputSize,
      stride: inputSize, packed: parameters.plain(weight), bias: bias.map(parameters.vector),
      accumulate: false, fromEnd: false, into: y.base + rows.first * outputSize, resultStride: outputSize)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func backpropagate(
    _ parameters: PackedParameters<Scalar>.Pointers, _ rows: SequencePlan.Rows
  ) {
    Scalar._multiplyRows(
      rows.count, rows.index, columns: inputSize, inner: outputSize,
      outputGradient + rows.first * outputSize, stride: outputSize, packed: parameters.transposed(weight),
      bias: nil, accumulate: false, fromEnd: false, into: dx.base + rows.first * inputSize,
      resultStride: inputSize)
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    func add(_ kind: GradientTerm<Scalar>.Kind) {
      terms.append(
        GradientTerm(
          kind: kind, plan: plan, isDescending: true, d: outputGradient, n: outputSize, row: outputSize))
    }
    if let symbols = input.symbols {
      add(.symbols(weight, symbols, isEmbedding: false))
    } else {
      add(.product(weight, firstRow: 0, x: input.values))
    }
    if let bias { add(.rows(bias)) }
  }
}

extension Linear: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { LinearExecution(self) }
}
