import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// What a trace shows against loops over numbers and against differences.
@Suite struct TraceTests {
  private static let features = 3
  private static let classes = 4

  /// Networks by what they prove: directions, depth, cells with and without a memory, branches.
  private static let networks: [(name: String, layers: [LayerConfiguration])] = [
    ("LSTM", [.recurrent(CellConfiguration(.lstm, size: 5))]),
    ("GRU reverse", [.recurrent(CellConfiguration(.gru(.resetBefore), size: 4), direction: .reverse)]),
    (
      "simple twice",
      [CellConfiguration(.simple(.tanh), size: 4), .init(.simple(.relu), size: 3)].map { .recurrent($0) }
    ),
    (
      "both directions twice",
      [
        .bidirectional(
          forward: CellConfiguration(.lstm, size: 3), reverse: CellConfiguration(.gru(.resetAfter), size: 2)),
        .dropout(rate: 0.5),
        .bidirectional(
          forward: CellConfiguration(.gru(.resetAfter), size: 3), reverse: CellConfiguration(.lstm, size: 3),
          merge: .product),
      ]
    ),
    (
      "branches",
      [
        .parallel(
          [
            .recurrent(CellConfiguration(.lstm, size: 2)),
            .stack([
              .recurrent(CellConfiguration(.simple(.tanh), size: 3), direction: .reverse),
              .linear(outputs: 2),
            ]),
          ], merge: .mean)
      ]
    ),
    (
      "LSTM with zoneout",
      [.recurrent(CellConfiguration(.lstm, size: 4, recurrentDropout: 0.3, zoneout: 0.3, zoneoutMemory: 0.4))]
    ),
    (
      "layer norm, zoneout of the memory alone",
      [.recurrent(CellConfiguration(.layerNormLSTM, size: 4, zoneoutMemory: 0.4), direction: .reverse)]
    ),
    (
      "GRU and simple with zoneout",
      [
        .bidirectional(
          forward: CellConfiguration(.gru(.resetAfter), size: 3, zoneout: 0.3),
          reverse: CellConfiguration(.gru(.resetBefore), size: 2, zoneout: 0.3)),
        .recurrent(CellConfiguration(.simple(.tanh), size: 3, zoneout: 0.3), direction: .reverse),
      ]
    ),
  ]

  /// z of h and of the memory in every cell of a network, so that differences know how much of a change zoneout lets by.
  private static func zoneout(of network: Int) -> (hidden: Double, memory: Double) {
    switch networks[network].name {
    case "LSTM with zoneout": (0.3, 0.4)
    case "layer norm, zoneout of the memory alone": (0, 0.4)
    case "GRU and simple with zoneout": (0.3, 0)
    default: (0, 0)
    }
  }

  private struct Network {
    let model: SequenceModel<Double>
    let parameters: PackedParameters<Double>
  }

  /// - Parameter nudge: the number of a cell in the order in which they are built, and what becomes of it.
  private static func network(
    _ layers: [LayerConfiguration], bias: Bool = true,
    nudging nudge: (cell: Int, change: (any RecurrentCell<Double>) -> any RecurrentCell<Double>)? = nil
  ) throws -> Network {
    var layout = ParameterLayout()
    var built = 0
    let body: any SequenceLayer<Double> = try LayerConfiguration.stack(layers).makeLayer(
      inputSize: features, named: "layer", in: &layout
    ) { cell in
      defer { built += 1 }
      guard let nudge, nudge.cell == built else { return cell }
      return nudge.change(cell)
    }
    let head = Linear<Double>(inputSize: body.outputSize, outputSize: classes, named: "head", in: &layout)
    return Network(
      model: SequenceModel(
        body: body, positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout),
      parameters: PackedParameters(ParameterStore(initializing: layout, seed: 3)))
  }

  private static func batch(lengths: [Int], seed: UInt64 = 8) -> SequenceModel<Double>.Batch {
    var draws = Draws(seed: seed)
    return .init(
      input: draws.batch(lengths: lengths, features: features),
      targets: .classes((0..<lengths.reduce(0, +)).map { ($0 * 7 + 1) % classes }))
  }

  @Test(arguments: networks.indices) func outputsAreTheModels(_ index: Int) throws {
    let own = try Self.network(Self.networks[index].layers)
    let batch = Self.batch(lengths: [6, 0, 3])
    let trace = own.model.trace(batch, parameters: own.parameters)
    #expect(trace.outputs == own.model.outputs(batch.input, parameters: own.parameters).outputs)
    // The last layer's states are what the body gives, where they are not merged.
    if trace.cells.count == 1 {
      let body = own.model.body.forward(batch.input, parameters: own.parameters)
      #expect(trace.cells[0].states[0].values.values == body.output.values)
    }
    // And the gradient of the input is that of training.
    var gradients = ParameterStore<Double>(zeros: own.model.layout)
    let back = own.model.gradient(on: batch, parameters: own.parameters, into: &gradients)
    for (found, expected) in zip(trace.inputGradient.values, back.gradient.input.values) {
      #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)))
    }
  }

  /// Every state of every recurrent layer, at every step, for the loss of one step and for that of all.
  @Test(arguments: networks.indices, [true, false]) func gradientsAreDifferences(_ index: Int, _ ofAll: Bool)
    throws
  {
    let layers = Self.networks[index].layers
    let zoneout = Self.zoneout(of: index)
    let steps = 5
    let batch = Self.batch(lengths: [steps])
    let chosen = 3
    let counted: SequencePositions? = ofAll ? nil : .mask([(0..<steps).map { $0 == chosen }])
    let own = try Self.network(layers)
    let trace = own.model.trace(batch, counting: counted, parameters: own.parameters)
    #expect(trace.cells.allSatisfy { !$0.states.isEmpty && $0.states.count == $0.stateGradients.count })

    func loss(_ network: Network) -> Double {
      let outputs = network.model.outputs(batch.input, parameters: network.parameters).outputs
      guard case .classes(let classes) = batch.targets else { return .nan }
      return (0..<steps).reduce(0) { sum, t in
        guard ofAll || t == chosen else { return sum }
        let row = outputs.row(t)
        return sum + log(row.reduce(0) { $0 + exp($1 - row[classes[t]]) })
      }
    }
    let width = 1e-5
    for (number, cell) in trace.cells.enumerated() {
      for (component, gradient) in cell.stateGradients.enumerated() {
        for t in 0..<steps {
          var square = 0.0
          for unit in 0..<gradient.values.features {
            let order = cell.direction == .forward ? t : steps - 1 - t
            // Zoneout in use lets 1 − z of what the cell makes by, and the count of the steps is like a memory to it.
            let rate = component == 0 ? zoneout.hidden : zoneout.memory
            let values = try [-width, width].map { amount in
              loss(
                try Self.network(
                  layers,
                  nudging: (
                    number,
                    {
                      $0.nudged(
                        step: order, component: component, unit: unit, by: amount / (1 - rate),
                        counting: 1 - zoneout.memory)
                    }
                  )))
            }
            let difference = (values[1] - values[0]) / (2 * width)
            square += difference * difference
            let found = gradient.values[t, 0, unit]
            #expect(
              abs(found - difference) < 1e-7 * max(1, abs(difference)),
              "\(Self.networks[index].name), \(cell.path) \(cell.direction), \(gradient.name) \(unit) at \(t): \(found), expected \(difference)"
            )
          }
          #expect(abs(cell.gradientNorms(of: gradient.name)[t] - square.squareRoot()) < 1e-6)
        }
      }
    }
    // A loss at one step says nothing to a forward state behind it.
    if index == 0 && !ofAll {
      let norms = trace.cells[0].gradientNorms()
      #expect(norms[chosen + 1] == 0 && norms[..<(chosen + 1)].allSatisfy { $0 > 0 })
    }
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static func sum(_ weights: [Double], _ x: [Double], _ start: Double) -> Double {
    zip(weights, x).reduce(start) { $0 + $1.0 * $1.1 }
  }

  private static func normalised(_ z: [Double]) -> [Double] {
    let mean = z.reduce(0, +) / Double(z.count)
    let variance = z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(z.count)
    return z.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }

  /// Gates by nested loops over the cell's weights, with the states that the trace shows.
  @Test(
    arguments: [CellConfiguration.Kind.lstm, .layerNormLSTM, .gru(.resetBefore), .gru(.resetAfter)],
    Direction.allCases)
  func gatesAreTheEquations(_ kind: CellConfiguration.Kind, _ direction: Direction) throws {
    let size = 4
    let batch = Self.batch(lengths: [6, 2])
    let own = try Self.network([.recurrent(CellConfiguration(kind, size: size), direction: direction)])
    let trace = own.model.trace(batch, parameters: own.parameters)
    let cell = trace.cells[0]
    #expect(trace.cells.count == 1 && cell.path == "body.0" && cell.direction == direction)
    let store = ParameterStore<Double>(initializing: own.model.layout, seed: 3)
    let weights = NaiveWeights(named: "layer.0.\(direction)", in: store)
    let isNormalised = kind == .layerNormLSTM
    let isLSTM = kind == .lstm || isNormalised
    #expect(cell.cell == (isNormalised ? "LayerNormLSTMCell" : isLSTM ? "LSTMCell" : "GRUCell"))
    #expect(
      cell.gates.map(\.name)
        == (isLSTM
          ? ["input gate", "forget gate", "candidate", "output gate"]
          : ["reset gate", "update gate", "candidate"]))
    #expect(cell.states.map(\.name) == (isLSTM ? ["hidden", "cell"] : ["hidden"]))

    for (b, length) in [6, 2].enumerated() {
      var (h, c) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
      for t in direction == .forward ? Array(0..<length) : (0..<length).reversed() {
        let x = (0..<Self.features).map { batch.input[t, b, $0] }
        // Gains are 1 at first, and the shift of the memory 0.
        let ofInput = Self.normalised(weights.w.map { Self.sum($0, x, 0) })
        let ofHidden = Self.normalised(weights.u.map { Self.sum($0, h, 0) })
        func a(_ row: Int) -> Double {
          isNormalised
            ? ofInput[row] + ofHidden[row] + weights.b[row]
            : Self.sum(weights.u[row], h, Self.sum(weights.w[row], x, weights.b[row]))
        }
        var gates: [[Double]]
        if isLSTM {
          gates = (0..<4).map { gate in
            (0..<size).map { gate == 2 ? tanh(a(2 * size + $0)) : Self.sigmoid(a(gate * size + $0)) }
          }
          c = (0..<size).map { gates[1][$0] * c[$0] + gates[0][$0] * gates[2][$0] }
          let shown = isNormalised ? Self.normalised(c) : c
          h = (0..<size).map { gates[3][$0] * tanh(shown[$0]) }
        } else {
          gates = (0..<2).map { gate in (0..<size).map { Self.sigmoid(a(gate * size + $0)) } }
          let reset = zip(gates[0], h).map { $0 * $1 }
          gates.append(
            (0..<size).map { unit in
              let row = 2 * size + unit
              let input = Self.sum(weights.w[row], x, weights.b[row])
              return kind == .gru(.resetBefore)
                ? tanh(Self.sum(weights.u[row], reset, input))
                : tanh(input + gates[0][unit] * Self.sum(weights.u[row], h, weights.c[unit]))
            })
          h = (0..<size).map { gates[1][$0] * h[$0] + (1 - gates[1][$0]) * gates[2][$0] }
        }
        for (expected, found) in zip(gates + [h] + (isLSTM ? [c] : []), cell.gates + cell.states) {
          for unit in 0..<size {
            #expect(abs(found.values[t, b, unit] - expected[unit]) < 1e-13, "\(found.name) \(t) \(b) \(unit)")
          }
        }
      }
    }
  }

  /// A text alone and the same beside longer ones, in single precision: the same bits.
  @Test func batchingChangesNothing() throws {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Float> = try LayerConfiguration.stack(Self.networks[3].layers).makeLayer(
      inputSize: 6, named: "layer", in: &layout)
    let head = Linear<Float>(inputSize: body.outputSize, outputSize: 6, named: "head", in: &layout)
    let model = SequenceModel(
      body: body, positions: .last, head: head, loss: .softmaxCrossEntropy(), layout: layout)
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 2))
    let texts: [[Int32]] = [[0, 1, 2, 3, 4, 5, 1], [2, 2, 5], []]
    func trace(_ texts: [[Int32]], _ targets: [Int]) -> ModelTrace<Float> {
      let steps = texts.map(\.count).max() ?? 0
      let symbols = (0..<steps).flatMap { t in texts.map { t < $0.count ? $0[t] : 0 } }
      return model.trace(
        .init(
          symbols: SymbolBatch(
            steps: steps, batchSize: texts.count, vocabulary: 6, symbols: symbols,
            lengths: texts.map(\.count)), targets: .classes(targets)), parameters: parameters)
    }
    let alone = trace([texts[1]], [4])
    // Outputs stand by step: the shorter text's comes first.
    let together = trace(texts, [4, 0])
    for (one, many) in zip(alone.cells, together.cells) {
      let pairs = zip(
        one.gates + one.states + one.stateGradients, many.gates + many.states + many.stateGradients)
      for (one, many) in pairs { #expect(many.values.sequence(1).values == one.values.values, "\(one.name)") }
      #expect(one.gradientNorms() == many.gradientNorms(sequence: 1))
    }
    #expect(alone.inputGradient.norms() == together.inputGradient.norms(ofSequence: 1))
  }

  /// Of symbols with vectors of their own, the gradient stops at the vectors: of a symbol that occurs once, it is that of its row.
  @Test func embeddedSymbols() throws {
    var layout = ParameterLayout()
    let embedding = Embedding<Double>(vocabulary: 7, size: 3, named: "embedding", in: &layout)
    let recurrent: any SequenceLayer<Double> = try LayerConfiguration.recurrent(
      CellConfiguration(.lstm, size: 4)
    )
    .makeLayer(inputSize: 3, named: "layer", in: &layout)
    let head = Linear<Double>(inputSize: 4, outputSize: 7, named: "head", in: &layout)
    let model = SequenceModel(
      body: Stack([embedding, recurrent]), positions: .all, head: head, loss: .softmaxCrossEntropy(),
      layout: layout)
    let store = ParameterStore<Double>(initializing: layout, seed: 5)
    let symbols: [Int32] = [6, 0, 3, 2]
    let batch = SequenceModel<Double>.Batch(
      symbols: SymbolBatch(steps: 4, batchSize: 1, vocabulary: 7, symbols: symbols),
      targets: .classes([0, 3, 2, 1]))
    let trace = model.trace(batch, parameters: PackedParameters(store))
    let oneHot = model.trace(
      .init(input: batch.input, targets: batch.targets), parameters: PackedParameters(store))
    #expect(trace.outputs == oneHot.outputs && trace.cells[0].path == "body.1")
    #expect(trace.cells[0].stateGradients == oneHot.cells[0].stateGradients)
    var gradients = ParameterStore<Double>(zeros: layout)
    _ = model.accumulateGradients(
      on: batch, parameters: PackedParameters(store), mode: .inference, into: &gradients)
    for (t, symbol) in symbols.enumerated() {
      let row = gradients[embedding.weight].row(Int(symbol))
      for f in 0..<3 { #expect(abs(trace.inputGradient[t, 0, f] - row[f]) < 1e-14) }
    }
  }

  /// A cell that shows no gates is seen by its states, and one of a user's own shows what it names.
  @Test func cellsOfOnesOwn() throws {
    var layout = ParameterLayout()
    let cell = MinimalGatedCell<Double>(inputSize: 3, hiddenSize: 4, named: "cell", in: &layout)
    let model = SequenceModel<Double>(
      body: RecurrentLayer(cell), positions: .last, loss: .halfSquaredError, layout: layout)
    var draws = Draws(seed: 4)
    let batch = SequenceModel<Double>.Batch(
      input: draws.batch(lengths: [5], features: 3), targets: .values(draws.matrix(1, 4)))
    let parameters = PackedParameters(ParameterStore<Double>(initializing: layout, seed: 1))
    let trace = model.trace(batch, parameters: parameters).cells[0]
    #expect(trace.cell == "MinimalGatedCell" && trace.states.map(\.name) == ["hidden"])
    #expect(trace.gates.map(\.name) == ["forget gate", "candidate"])
    let (forget, candidate, hidden) = (trace.gates[0].values, trace.gates[1].values, trace.states[0].values)
    for t in 1..<5 {
      for unit in 0..<4 {
        let (f, h) = (forget[t, 0, unit], hidden[t - 1, 0, unit])
        #expect(abs(hidden[t, 0, unit] - (h + f * (candidate[t, 0, unit] - h))) < 1e-14)
      }
    }
    #expect(trace.gradientNorms().allSatisfy { $0 > 0 })
  }

  /// A trace adds the output's gradient to the component that a cell calls h: of every cell it must be the output, or there is none.
  @Test func whatACellCallsHiddenIsItsOutput() {
    func check<Cell: RecurrentCell<Double>>(_ make: (inout ParameterLayout) -> Cell) {
      var layout = ParameterLayout()
      let cell = make(&layout)
      let parameters = PackedParameters(ParameterStore<Double>(initializing: layout, seed: 3))
      var draws = Draws(seed: 5)
      var state = cell.zeroState(batchSize: 2)
      let output = cell.step(draws.matrix(2, cell.inputSize), state: &state, parameters: parameters).output
      #expect(state.components.firstIndex(of: output) == Cell.hiddenComponent, "\(Cell.self)")
    }
    check { SimpleRNNCell<Double>(inputSize: 3, hiddenSize: 4, named: "cell", in: &$0) }
    check { GRUCell<Double>(inputSize: 3, hiddenSize: 4, form: .resetAfter, named: "cell", in: &$0) }
    check { LSTMCell<Double>(inputSize: 3, hiddenSize: 4, named: "cell", in: &$0) }
    check { LayerNormLSTMCell<Double>(inputSize: 3, hiddenSize: 4, named: "cell", in: &$0) }
    check { MinimalGatedCell<Double>(inputSize: 3, hiddenSize: 4, named: "cell", in: &$0) }
    check { MarkovForwardCell<Double>(chain: .init(states: 3, named: "chain", in: &$0)) }
    check { MarkovReverseCell<Double>(chain: .init(states: 3, named: "chain", in: &$0)) }
  }

  @Test func decay() {
    let vanishing = (0..<9).map { pow(0.5, Double(8 - $0)) }
    #expect(abs((CellTrace<Float>.decay(of: vanishing, direction: .forward) ?? 0) - 0.5) < 1e-15)
    #expect(abs((CellTrace<Float>.decay(of: vanishing, direction: .reverse) ?? 0) - 2) < 1e-15)
    // Steps that the gradient does not reach have no say: those behind the loss, and where it is too small for a number.
    let middle = CellTrace<Float>.decay(of: [0, 0, 1, 4, 0], direction: .forward)
    #expect(abs((middle ?? 0) - 0.25) < 1e-15)
    #expect(CellTrace<Float>.decay(of: [0, 1, 0], direction: .forward) == nil)
    #expect(CellTrace<Float>.decay(of: [], direction: .forward) == nil)
    // A field's loss at one step has a share in all; the way back begins where it stands.
    let field = [0.001, 1, 0.5, 0.25, 0.001]
    #expect(abs((CellTrace<Float>.decay(of: field, direction: .reverse, from: 1) ?? 0) - 0.1) < 1e-12)
    #expect(
      abs((CellTrace<Float>.decay(of: field, direction: .forward, from: 2) ?? 0) - pow(0.002, 0.5)) < 1e-12)
  }
}

extension MinimalGatedCell: GatedCell {
  var gateNames: [String] { ["forget gate", "candidate"] }
  func gates(of tape: Tape) -> [Matrix<Scalar>] { [tape.f, tape.n] }
}
