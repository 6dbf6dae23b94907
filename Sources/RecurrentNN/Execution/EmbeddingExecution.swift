internal import RecurrentCore

/// An embedding at work.
final class EmbeddingExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let weight: ParameterSlot
  private let y = Scratch<Scalar>()
  private let dx = Scratch<Scalar>()

  init(_ layer: Embedding<Scalar>) {
    weight = layer.weight
    super.init(inputSize: layer.inputSize, outputSize: layer.outputSize, work: LayerWork())
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    y.reserve(plan.steps * plan.batchSize * outputSize)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    let table = parameters.vector(weight)
    let (size, vocabulary) = (outputSize, inputSize)
    plan.rows(of: thread).forEach { row in
      let target = y.base + row * size
      if let symbols = input.symbols {
        target.update(from: table + Int(symbols[row]) * size, count: size)
        return
      }
      target.update(repeating: 0, count: size)
      for v in 0..<vocabulary {
        let x = input.values[row * vocabulary + v]
        for d in 0..<size { target[d].addProduct(x, table[v * size + d]) }
      }
    }
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    precondition(
      !needsInputGradient || input.symbols == nil, "'\(weight.name)': symbols have no gradient")
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    if needsInputGradient { dx.reserve(plan.steps * plan.batchSize * inputSize) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    guard needsInputGradient else { return }
    let table = parameters.vector(weight)
    let (size, vocabulary) = (outputSize, inputSize)
    plan.rows(of: thread).forEach { row in
      for v in 0..<vocabulary {
        var sum: Scalar = 0
        for d in 0..<size { sum.addProduct(outputGradient[row * size + d], table[v * size + d]) }
        dx.base[row * vocabulary + v] = sum
      }
    }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    if let symbols = input.symbols {
      terms.append(
        GradientTerm(
          kind: .symbols(weight, symbols, isEmbedding: true), plan: plan, isDescending: true,
          d: outputGradient,
          n: outputSize, row: outputSize))
    } else {
      // xᵀ dy: the roles of D and X are changed.
      terms.append(
        GradientTerm(
          kind: .product(weight, firstRow: 0, x: outputGradient), plan: plan, isDescending: true,
          d: input.values,
          n: inputSize, row: inputSize))
    }
  }
}

extension Embedding: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { EmbeddingExecution(self) }
}
