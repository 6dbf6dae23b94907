internal import RecurrentCore

/// The network that each fault is put into, and how.
extension GradientFault {
  func report(faulty: Bool) -> GradientReport {
    let network = network
    let model = network.makeModel { $0 }
    var check = GradientCheck()
    // The source notes' bidirectional network has no initial state, and what is said of it is said of its six matrices.
    if self == .reverseLastOutputGradientOmitted { check.parts = .parameters }
    var (batch, parameters) = network.draws(model, kinkDistance: 0)
    if self == .reverseLastOutputGradientOmitted {
      batch = .init(input: batch.input, targets: batch.targets)
    }
    guard faulty else { return check.report(model, on: batch, parameters: parameters, mode: network.mode) }
    let layout = model.layout
    let wrong = network.makeModel { wrap($0, layout) }
    return check.report(
      model, on: batch, gradientsOf: edit(wrong), on: edit(batch), parameters: parameters, mode: network.mode)
  }

  private func wrap(
    _ cell: any RecurrentCell<Double>, _ layout: ParameterLayout
  ) -> any RecurrentCell<Double> {
    func open<Cell: RecurrentCell<Double>>(_ cell: Cell) -> any RecurrentCell<Double> {
      FaultyCell(base: cell, fault: self, layout: layout)
    }
    // Of a stack only the upper cell: it reads the 3 features of the lower one.
    if self == .inputGradientOmitted && cell.inputSize == GradientCheckCase.features { return cell }
    return open(cell)
  }

  /// The faults that lie in a layer or in the loss.
  private func edit(_ model: SequenceModel<Double>) -> SequenceModel<Double> {
    var body = model.body
    var head = model.head
    var objective = model.objective
    switch self {
    case .reverseLastOutputGradientOmitted:
      if let parallel = body as? Parallel<Double> {
        let reverse = FaultyLayer(base: parallel.branches[1], editOutputGradient: { $0.withoutLastSteps() })
        body = Parallel([parallel.branches[0], reverse], merge: parallel.merge)
      }
    case .dropoutMaskNotApplied:
      if let stack = body as? Stack<Double> {
        let dropout = stack.layers[1]
        let passing = Dropout<Double>(size: dropout.inputSize, rate: 0, stream: 0)
        body = Stack([stack.layers[0], FaultyLayer(base: dropout, adjoint: passing), stack.layers[2]])
      }
    case .reverseInputGradientNotTurned:
      body = FaultyLayer(base: body, editInputGradient: { $0.turned() })
    case .mergeHalvesSwapped: body = FaultyLayer(base: body, editOutputGradient: { $0.swappingHalves() })
    case .lastOutputTakenFromPadding:
      body = FaultyLayer(base: body, editOutputGradient: { $0.withoutShorterSequences() })
    case .productWithoutPartner, .meanWithoutHalf:
      body = FaultyLayer(base: body, adjoint: body.mergedBySum)
    case .lossGradientDoubled:
      head = head.map { FaultyLayer(base: $0, editOutputGradient: { $0.doubled() }) }
    case .ignoredRowsCounted: objective = .rows(.softmaxCrossEntropy())
    case .labelSmoothingOmitted:
      objective = .rows(.softmaxCrossEntropy(ignoreIndex: Self.ignoredClass))
    default: break
    }
    return SequenceModel(
      body: body, positions: model.positions, head: head, objective: objective, layout: model.layout)
  }

  private func edit(_ batch: SequenceModel<Double>.Batch) -> SequenceModel<Double>.Batch {
    guard self == .labelOneStepLate, case .classes(let classes) = batch.targets else { return batch }
    let lengths = batch.input.lengths
    let rows = SequencePositions.all.rows(lengths: lengths, steps: batch.input.steps)
    let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    let late = rows.map { row in
      let (t, b) = row.quotientAndRemainder(dividingBy: lengths.count)
      return classes[places[(t == 0 ? lengths[b] - 1 : t - 1) * lengths.count + b] ?? 0]
    }
    return .init(input: batch.input, targets: .classes(late), initialState: batch.initialState)
  }

  /// A class that exists, so that counting it is a fault and not a crash.
  private static let ignoredClass = 1

  private var network: GradientCheckCase {
    let rnn = CellConfiguration(.simple(.tanh), size: 3)
    switch self {
    case .reverseLastOutputGradientOmitted:
      return Self.notesNetwork
    case .gruResetPathDropped: return make(.recurrent(.init(.gru(.resetAfter), size: 3)))
    case .lstmCellGradientDropped, .lstmForgetAndInputSwapped:
      return make(.recurrent(.init(.lstm, size: 3)))
    case .inputGradientOmitted: return make(.stack([.recurrent(rnn), .recurrent(rnn)]))
    case .dropoutMaskNotApplied:
      return make(
        .stack([.recurrent(rnn), .dropout(rate: 0.5), .recurrent(rnn)]), mode: .training(seed: 1, update: 1))
    case .reverseInputGradientNotTurned: return make(.recurrent(rnn, direction: .reverse))
    case .mergeHalvesSwapped: return make(.bidirectional(forward: rnn, reverse: rnn))
    case .productWithoutPartner: return make(.bidirectional(forward: rnn, reverse: rnn, merge: .product))
    case .meanWithoutHalf: return make(.bidirectional(forward: rnn, reverse: rnn, merge: .mean))
    case .lastOutputTakenFromPadding: return make(.recurrent(rnn), positions: .last)
    case .ignoredRowsCounted:
      return make(.recurrent(rnn), loss: .softmaxCrossEntropy(ignoreIndex: Self.ignoredClass))
    case .labelSmoothingOmitted:
      return make(
        .recurrent(rnn), loss: .softmaxCrossEntropy(ignoreIndex: Self.ignoredClass, labelSmoothing: 0.1))
    default: return make(.recurrent(rnn))
    }
  }

  private func make(
    _ body: LayerConfiguration, positions: SequencePositions = .all, loss: Loss = .softmaxCrossEntropy(),
    mode: RunMode = .inference
  ) -> GradientCheckCase {
    GradientCheckCase(
      name: rawValue, body: body, positions: positions, loss: .rows(loss),
      lengths: GradientCheckCase.raggedLengths, mode: mode)
  }

  /// z = s1 V1 + s2 V2 with outputs at the first and the last step only, no bias: 3 sequences of 6 steps of 4 features,
  /// 5 forward and 2 reverse units.
  private static var notesNetwork: GradientCheckCase {
    func chain(_ size: Int, _ direction: Direction) -> LayerConfiguration {
      .stack([
        .recurrent(CellConfiguration(.simple(.tanh), size: size, bias: false), direction: direction),
        .linear(outputs: 3, bias: false),
      ])
    }
    return GradientCheckCase(
      name: GradientFault.reverseLastOutputGradientOmitted.rawValue,
      body: .parallel([chain(5, .forward), chain(2, .reverse)], merge: .sum), positions: .firstAndLast,
      loss: .rows(.softmaxCrossEntropy()), lengths: [6, 6, 6], mode: .inference, hasHead: false)
  }
}

extension SequenceLayer<Double> {
  /// A bidirectional layer of simple cells with its outputs added; `nil` for other layers.
  fileprivate var mergedBySum: (any SequenceLayer<Double>)? {
    typealias Cell = FaultyCell<SimpleRNNCell<Double>>
    guard let layer = self as? Bidirectional<Cell, Cell> else { return nil }
    return Bidirectional(forward: layer.forwardLayer.cell, reverse: layer.reverseLayer.cell, merge: .sum)
  }
}
