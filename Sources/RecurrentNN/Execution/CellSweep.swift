internal import RecurrentCore

/// One direction of a built-in cell at work: the parts that all cells share. See `ARCHITECTURE.md`, "The sweep".
///
/// The hidden states before and after every step stand in one track `[T + 1, B, H]`. Forward, step t reads slot t and
/// writes slot t + 1; reverse, it reads slot t + 1 and writes slot t. Each sequence's initial state stands in the slot that
/// its own first step reads: slot 0 forward, slot lengths[b] reverse. So the output is the track from the first slot that
/// is written, the states that the weight gradient needs are the track from the first slot that is read, and neither is
/// ever copied.
class CellSweep<Scalar: TensorScalar>: LayerExecution<Scalar> {
  let direction: Direction
  let weightInput: ParameterSlot
  let weightHidden: ParameterSlot
  let bias: ParameterSlot?
  /// The names of the state's components; the first is the hidden state.
  let stateNames: [String]
  /// Recurrent dropout and zoneout; `nil`: none.
  let noise: SweepNoise<Scalar>?

  /// The tracks of the state's components, in the order of their names.
  let tracks: [Scratch<Scalar>]
  /// Pre-activations, which become the activated gates: `[T, B, rows of W]`.
  let gates: Scratch<Scalar>
  /// ∂L/∂pre-activations, alike.
  let da = Scratch<Scalar>()
  /// ∂L/∂state `[B, H]` of each component, on its way back through time.
  let stateGradients: [Scratch<Scalar>]
  fileprivate let dx = Scratch<Scalar>()
  fileprivate let columns: SymbolColumns<Scalar>
  private var lastMeetings: [Meeting] = []
  /// How many there were.
  private(set) var sweeps = 0

  init(
    _ weightInput: ParameterSlot, _ weightHidden: ParameterSlot, bias: ParameterSlot?, stateNames: [String],
    direction: Direction, noise: RecurrentNoise?
  ) {
    self.weightInput = weightInput
    self.weightHidden = weightHidden
    self.bias = bias
    self.stateNames = stateNames
    self.direction = direction
    self.noise = noise.map {
      SweepNoise($0, components: stateNames.count, size: weightHidden.columns)
    }
    tracks = stateNames.map { _ in Scratch() }
    stateGradients = stateNames.map { _ in Scratch() }
    gates = Scratch()
    columns = SymbolColumns(of: weightInput, bias: bias)
    // A part must begin with a panel of packed weights. Nothing, packed, has the room of one.
    let (size, panel) = (weightHidden.columns, Scalar._packedCount(0, 0))
    super.init(
      inputSize: weightInput.columns, outputSize: size,
      work: LayerWork(
        weights: weightInput.count + weightHidden.count, weightsPerStep: weightHidden.count,
        unitParts: size % panel == 0 ? size / panel : 1))
  }

  /// See ``returning()``.
  init(returning other: CellSweep) {
    weightInput = other.weightInput
    weightHidden = other.weightHidden
    bias = other.bias
    stateNames = other.stateNames
    direction = other.direction
    noise = other.noise.map(SweepNoise.init(returning:))
    tracks = other.tracks
    stateGradients = stateNames.map { _ in Scratch() }
    gates = other.gates
    columns = other.columns
    super.init(inputSize: other.inputSize, outputSize: other.outputSize, work: other.work)
    super.connect(other.plan, other.input)
    for gradient in stateGradients { gradient.reserve(plan.batchSize * outputSize) }
  }

  /// All steps of a part, whose gates hold x Wᵀ + b: a cell's own.
  func sweep(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    preconditionFailure("a cell's own")
  }

  /// All steps of a part on the way back, up to da and the gradient of the initial state: a cell's own.
  func sweepBack(_ parameters: PackedParameters<Scalar>.Pointers, _ part: Part) {
    preconditionFailure("a cell's own")
  }

  /// The same sweep once more, with what it made on its way forward and room of its own for the way back.
  func returning() -> CellSweep { preconditionFailure("a cell's own") }

  override func elementsPerRow(needsInputGradient: Bool) -> Int {
    // Two more for what a cell keeps of its own, as a GRU does.
    (tracks.count + 2) * outputSize + 2 * weightInput.rows + (needsInputGradient ? inputSize : 0)
      + (noise?.elementsPerRow ?? 0)
  }

  // MARK: Forward

  final override var output: UnsafePointer<Scalar> { UnsafePointer(tracks[0].base + after(0)) }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    for gradient in stateGradients { gradient.reserve(plan.batchSize * outputSize) }
    for track in tracks { track.reserve((plan.steps + 1) * plan.batchSize * outputSize) }
    gates.reserve(plan.steps * plan.batchSize * weightInput.rows)
    noise?.reserve(plan)
    if input.symbols != nil { columns.connect(plan) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  final override func begin(from start: StartingState<Scalar>) {
    sweeps &+= 1
    let components: [Matrix<Scalar>]?
    switch start {
    case .zeros: components = nil
    case .given(let state): components = state.cellComponents(stateNames, weightHidden.name)
    case .carried:
      for place in tracks.indices { carry(tracks[place].base, through: stateGradients[place].base) }
      return
    }
    for place in tracks.indices {
      let track = tracks[place]
      let matrix = components?[place]
      if let matrix {
        precondition(
          matrix.rows == plan.batchSize && matrix.columns == outputSize,
          "\(weightHidden.name): initial state [\(matrix.rows), \(matrix.columns)], expected [\(plan.batchSize), \(outputSize)]"
        )
      }
      for b in 0..<plan.batchSize {
        let row = track.base + firstPlace(b)
        guard let matrix else {
          row.update(repeating: 0, count: outputSize)
          continue
        }
        matrix.elements.withUnsafeBufferPointer { source in
          guard let source = source.baseAddress else { return }
          row.update(from: source + b * outputSize, count: outputSize)
        }
      }
    }
  }

  /// Lets each sequence's final state be its initial one. The slots overlap, so the rows go through `kept`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func carry(_ track: UnsafeMutablePointer<Scalar>, through kept: UnsafeMutablePointer<Scalar>) {
    for b in 0..<plan.batchSize {
      (kept + b * outputSize).update(from: track + lastPlace(b), count: outputSize)
    }
    for b in 0..<plan.batchSize {
      (track + firstPlace(b)).update(from: kept + b * outputSize, count: outputSize)
    }
  }

  /// x Wᵀ + b for all rows of a thread; of one-hot inputs, columns of W.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  final func inputProducts(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    plan.forEachRow(
      of: thread, weights: input.symbols == nil ? weightInput.count : weightInput.rows,
      InputWork(sweep: self, parameters: parameters, isForward: true))
  }

  /// The same for these rows and units in one product a gate.
  @inline(__always)
  final func inputProducts(
    _ parameters: PackedParameters<Scalar>.Pointers, _ rows: SequencePlan.Rows, units: Range<Int>
  ) {
    let width = weightInput.rows
    multiplyGates(
      width / outputSize, of: units, rows: rows.count, index: rows.index,
      input.values + rows.first * inputSize, inner: inputSize, packed: parameters.plain(weightInput),
      bias: bias.map(parameters.vector), accumulate: false, into: gates.base + rows.first * width,
      resultStride: width)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  final override func forward(
    _ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int
  ) {
    beginNoise(mode, thread: thread)
    if share(parameters, isForward: true) { return }
    inputProducts(parameters, thread: thread)
    sweep(parameters, Part(thread: thread, units: 0..<outputSize))
  }

  /// The index-th step of the way forward.
  @inline(__always)
  final func time(_ index: Int) -> Int { direction == .forward ? index : plan.steps - 1 - index }
  /// Where the slot that step t reads begins in a track.
  @inline(__always)
  final func before(_ t: Int) -> Int { (direction == .forward ? t : t + 1) * plan.batchSize * outputSize }
  /// Where the slot that step t writes begins.
  @inline(__always)
  final func after(_ t: Int) -> Int { (direction == .forward ? t + 1 : t) * plan.batchSize * outputSize }

  /// Where a sequence's initial state stands in a track.
  final func firstPlace(_ b: Int) -> Int {
    ((direction == .forward ? 0 : plan.lengths[b]) * plan.batchSize + b) * outputSize
  }
  private func lastPlace(_ b: Int) -> Int {
    ((direction == .forward ? plan.lengths[b] : 0) * plan.batchSize + b) * outputSize
  }

  final override var finalState: LayerState<Scalar> {
    .cell(
      names: stateNames,
      components: tracks.map { track in
        Matrix(
          rows: plan.batchSize, columns: outputSize,
          elements: (0..<plan.batchSize).flatMap { b in
            UnsafeBufferPointer(start: track.base + lastPlace(b), count: outputSize)
          })
      })
  }

  final override var summarySize: Int { outputSize }

  final override func copySummary(of sequence: Int, to target: UnsafeMutablePointer<Scalar>) {
    target.update(from: tracks[0].base + lastPlace(sequence), count: outputSize)
  }

  final override func setSummaryGradient(of sequence: Int, from source: UnsafePointer<Scalar>) {
    (stateGradients[0].base + sequence * outputSize).update(from: source, count: outputSize)
  }

  /// Where the workers of each group meet; kept from run to run.
  final func meetings(_ groups: Int, of workers: Int) -> [Meeting] {
    if lastMeetings.count != groups || lastMeetings[0].threads != workers {
      lastMeetings = (0..<groups).map { _ in Meeting(threads: workers) }
    }
    return lastMeetings
  }

  // MARK: Back

  final override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    da.reserve(plan.steps * plan.batchSize * weightInput.rows)
    noise?.reserveBack(plan)
    if needsInputGradient { dx.reserve(plan.steps * plan.batchSize * inputSize) }
  }

  final override func beginBack(finalStateGradient: LayerState<Scalar>?) {
    let components = finalStateGradient.map { $0.cellComponents(stateNames, weightHidden.name) }
    for place in stateGradients.indices {
      let gradient = stateGradients[place]
      guard let elements = components?[place].elements else {
        gradient.base.update(repeating: 0, count: plan.batchSize * outputSize)
        continue
      }
      precondition(
        elements.count == plan.batchSize * outputSize, "\(weightHidden.name): gradient of the state")
      for (index, element) in elements.enumerated() { gradient.base[index] = element }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  final override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    if !share(parameters, isForward: false) {
      sweepBack(parameters, Part(thread: thread, units: 0..<outputSize))
    }
    guard needsInputGradient else { return }
    plan.forEachRow(
      of: thread, weights: weightInput.count,
      InputWork(sweep: self, parameters: parameters, isForward: false))
  }

  /// dx = da W for these rows.
  @inline(__always)
  final func inputGradients(
    _ parameters: PackedParameters<Scalar>.Pointers, _ rows: SequencePlan.Rows,
    into dx: UnsafeMutablePointer<Scalar>
  ) {
    let width = weightInput.rows
    Scalar._multiplyRows(
      rows.count, rows.index, columns: inputSize, inner: width, da.base + rows.first * width, stride: width,
      packed: parameters.transposed(weightInput), bias: nil, accumulate: false, fromEnd: false,
      into: dx + rows.first * inputSize, resultStride: inputSize)
  }

  final override var initialStateGradient: LayerState<Scalar> {
    .cell(
      names: stateNames,
      components: stateGradients.map {
        Matrix(
          rows: plan.batchSize, columns: outputSize,
          elements: Array(UnsafeBufferPointer(start: $0.base, count: plan.batchSize * outputSize)))
      })
  }

  final func term(
    _ kind: GradientTerm<Scalar>.Kind, d: UnsafePointer<Scalar>? = nil, n: Int, row: Int
  ) -> GradientTerm<Scalar> {
    GradientTerm(
      kind: kind, plan: plan, isDescending: direction == .forward, d: d ?? UnsafePointer(da.base), n: n,
      row: row)
  }

  /// dW and db, whose D is da.
  final func addInputTerms(to terms: inout [GradientTerm<Scalar>]) {
    let width = weightInput.rows
    if let symbols = input.symbols {
      terms.append(term(.symbols(weightInput, symbols, isEmbedding: false), n: width, row: width))
    } else {
      terms.append(term(.product(weightInput, firstRow: 0, x: input.values), n: width, row: width))
    }
    if let bias { terms.append(term(.rows(bias), n: width, row: width)) }
  }

  /// All gradients of a cell whose pre-activations all read the state before the step.
  final func addTermsOfOneProduct(to terms: inout [GradientTerm<Scalar>]) {
    let width = weightInput.rows
    if input.symbols == nil && (inputSize + outputSize + 1) * MemoryLayout<Scalar>.size <= 64 {
      terms.append(
        term(
          .smallCell(weightInput, x: input.values, hidden: weightHidden, h: statesRead, bias: bias),
          n: width,
          row: width))
      return
    }
    terms.append(term(.product(weightHidden, firstRow: 0, x: statesRead), n: width, row: width))
    addInputTerms(to: &terms)
  }
}

/// What rows need no order for: x Wᵀ + b before any state is known, or ∂L/∂input once all steps are back.
private struct InputWork<Scalar: TensorScalar>: RowWork {
  let sweep: CellSweep<Scalar>
  let parameters: PackedParameters<Scalar>.Pointers
  let isForward: Bool

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func work(on rows: SequencePlan.Rows, worker: Int) {
    if !isForward {
      sweep.inputGradients(parameters, rows, into: sweep.dx.base)
    } else if let symbols = sweep.input.symbols {
      sweep.columns.gather(symbols, parameters, rows, to: sweep.gates.base, worker: worker)
    } else {
      sweep.inputProducts(parameters, rows, units: 0..<sweep.outputSize)
    }
  }
}

extension LayerState {
  /// The components of a cell's state with these names. Precondition: it is one.
  func cellComponents(_ names: [String], _ layer: String) -> [Matrix<Scalar>] {
    guard case .cell(let found, let components) = self, found == names else {
      preconditionFailure("\(layer): expected a state with \(names), found \(kind)")
    }
    return components
  }
}
