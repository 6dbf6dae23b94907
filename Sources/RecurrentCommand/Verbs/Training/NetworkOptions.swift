internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentNN
internal import RecurrentTasks

/// The options that spell a recurrent network, and their meaning.
///
/// A layer is `48`, or `32+16` for a bidirectional one: forward and reverse size, which may differ. One cell name is for
/// all layers; `gru+lstm` gives the two directions different ones.
struct NetworkOptions: Sendable {
  let hidden: Option<[LayerSizes]>
  let cell: Option<CellNames>
  let merge: Option<Merge>
  let noBias: Flag
  let dropout: Option<Double>
  let dropoutUnit: Option<DropoutUnit>
  let recurrentDropout: Option<Double>
  let zoneout: Option<Double>
  let zoneoutMemory: Option<Double>
  let initialization: Option<Initialization>
  private let dropsAtEnds: Bool
  private let hasSides: Bool

  /// - Parameters:
  ///   - layers: the task's own.
  ///   - dropsAtEnds: whether dropout also stands below and above the layers, so that one layer has some too.
  ///   - hasSides: whether the two directions are networks of their own, side by side, which nothing merges (``sides(_:)``).
  init(
    _ layers: [LayerConfiguration], dropout rate: Double? = nil, dropsAtEnds: Bool = false,
    hasSides: Bool = false
  ) {
    self.dropsAtEnds = dropsAtEnds
    self.hasSides = hasSides
    let defaults = NetworkSpelling(layers)
    hidden = Option(
      "hidden", .list(of: .layerSizes), default: defaults.sizes,
      help: hasSides
        ? "Sizes of each direction's layers from below; 32+16 is forward and reverse, 32 is both."
        : "Sizes of the layers from below; 32+16 is bidirectional, forward and reverse.")
    cell = Option(
      "cell", .cells, default: defaults.cells,
      help: "Cell of every layer, or gru+lstm for forward and reverse; \(CellName.aliasHelp).")
    merge = Option(
      "merge", .choice(of: Merge.self), default: defaults.merge ?? .concatenate,
      help: "How the directions of a bidirectional layer become one.")
    noBias = Flag("no-bias", help: "Cells without biases.")
    dropout = Option(
      "dropout", .number(in: 0..<1), default: rate ?? defaults.dropout,
      help: dropsAtEnds
        ? "Rate of dropout on the inputs, between layers and below the output, in training."
        : "Rate of dropout between layers, in training.")
    dropoutUnit = Option(
      "dropout-unit", .choice(of: DropoutUnit.self), default: defaults.dropoutUnit,
      help:
        "What dropout zeroes together; feature: one mask for all steps of a sequence (variational dropout).")
    recurrentDropout = Option(
      "recurrent-dropout", .number(in: 0..<1), default: defaults.recurrentDropout,
      help: "Rate of dropout of a cell's state before its product, one mask a sequence, in training.")
    zoneout = Option(
      "zoneout", .number(in: 0..<1), default: defaults.zoneout,
      help:
        "Rate at which a unit of a cell's state keeps its former value, in training; in use, its expectation."
    )
    zoneoutMemory = Option(
      "zoneout-memory", .number(in: 0..<1), default: defaults.zoneoutMemory,
      help: "The same of an LSTM's memory.")
    initialization = Option(
      "initialization", .choice(of: Initialization.self), default: defaults.initialization,
      help: "How cells get their first weights.")
  }

  var group: OptionGroup {
    hasSides
      ? OptionGroup(
        "Network", hidden, cell, noBias, dropout, dropoutUnit, recurrentDropout, zoneout, zoneoutMemory,
        initialization)
      : OptionGroup(
        "Network", hidden, cell, merge, noBias, dropout, dropoutUnit, recurrentDropout, zoneout,
        zoneoutMemory, initialization)
  }

  /// What dropout outside the layers zeroes together, as configurations keep it: `nil` for each element.
  func unitAtEnds(_ arguments: ParsedArguments) -> DropoutUnit? {
    arguments[dropoutUnit] == .element ? nil : arguments[dropoutUnit]
  }

  /// The layers of the forward and of the reverse direction, of a task whose directions are networks of their own.
  func sides(
    _ arguments: ParsedArguments
  ) throws(CommandError) -> (forward: [LayerConfiguration], reverse: [LayerConfiguration]) {
    try refuseIdleNoise(arguments)
    let names = arguments[cell]
    var sides = (forward: [LayerConfiguration](), reverse: [LayerConfiguration]())
    for sizes in arguments[hidden] {
      if !sides.forward.isEmpty && arguments[dropout] > 0 {
        sides.forward.append(betweenLayers(arguments))
        sides.reverse.append(betweenLayers(arguments))
      }
      sides.forward.append(.recurrent(configuration(names.forward, sizes.forward, arguments)))
      sides.reverse.append(
        .recurrent(
          configuration(names.reverse, sizes.reverse ?? sizes.forward, arguments), direction: .reverse))
    }
    return sides
  }

  private func configuration(
    _ name: CellName, _ size: Int, _ arguments: ParsedArguments
  ) -> CellConfiguration {
    CellConfiguration(
      name.kind, size: size, bias: !arguments[noBias], initialization: arguments[initialization],
      recurrentDropout: arguments[recurrentDropout], zoneout: arguments[zoneout],
      zoneoutMemory: name.kind.hasMemory ? arguments[zoneoutMemory] : 0)
  }

  private func betweenLayers(_ arguments: ParsedArguments) -> LayerConfiguration {
    .dropout(rate: arguments[dropout], unit: arguments[dropoutUnit])
  }

  func layers(_ arguments: ParsedArguments) throws(CommandError) -> [LayerConfiguration] {
    try refuseContradictions(arguments)
    let names = arguments[cell]
    var layers: [LayerConfiguration] = []
    for sizes in arguments[hidden] {
      if !layers.isEmpty && arguments[dropout] > 0 { layers.append(betweenLayers(arguments)) }
      let ahead = configuration(names.forward, sizes.forward, arguments)
      if let reverse = sizes.reverse {
        layers.append(
          .bidirectional(
            forward: ahead, reverse: configuration(names.reverse, reverse, arguments),
            merge: arguments[merge]))
      } else {
        layers.append(.recurrent(ahead))
      }
    }
    return layers
  }

  private func refuseContradictions(_ arguments: ParsedArguments) throws(CommandError) {
    let sizes = arguments[hidden]
    if !sizes.contains(where: { $0.reverse != nil }) {
      let circumstance =
        "where every layer has one direction, as in \(arguments.spelled(hidden))"
      try arguments.refuse(
        merge, circumstance: circumstance, remedy: "leave it out, or write two sizes as in --hidden 32+16")
      if arguments[cell].forward != arguments[cell].reverse {
        throw .usage(
          "'--cell \(cell.describe(arguments[cell]))' has no meaning \(circumstance); name one cell, or write two sizes as in --hidden 32+16"
        )
      }
    }
    if sizes.count == 1 && arguments[dropout] > 0 && !dropsAtEnds {
      try arguments.refuse(
        dropout, dropoutUnit, circumstance: "with one layer, since dropout stands between layers",
        remedy: "leave it out, or give --hidden more sizes")
    }
    try refuseIdleNoise(arguments)
  }

  private func refuseIdleNoise(_ arguments: ParsedArguments) throws(CommandError) {
    if arguments[dropout] == 0 {
      try arguments.refuse(
        dropoutUnit, circumstance: "with \(arguments.spelled(dropout))",
        remedy: "leave it out, or set --dropout")
    }
    let names = arguments[cell]
    if !names.forward.kind.hasMemory && !names.reverse.kind.hasMemory {
      try arguments.refuse(
        zoneoutMemory, circumstance: "with \(arguments.spelled(cell)), which has no memory",
        remedy: "leave it out, or choose an LSTM with --cell")
    }
  }
}

/// What the options would have to say for layers that they can spell.
struct NetworkSpelling {
  var sizes: [LayerSizes] = []
  var cells = CellNames(forward: CellName(.lstm), reverse: CellName(.lstm))
  /// `nil`: no layer has two directions.
  var merge: Merge?
  var bias = true
  var dropout = 0.0
  var dropoutUnit = DropoutUnit.element
  var recurrentDropout = 0.0
  var zoneout = 0.0
  var zoneoutMemory = 0.0
  var initialization = Initialization.uniform

  init(_ layers: [LayerConfiguration]) {
    for layer in layers {
      switch layer {
      case .recurrent(let cell, _):
        sizes.append(LayerSizes(forward: cell.size))
        take(cell, merge == nil ? cell : nil)
      case .bidirectional(let forward, let reverse, let merge):
        sizes.append(LayerSizes(forward: forward.size, reverse: reverse.size))
        self.merge = merge
        take(forward, reverse)
      case .dropout(let rate, let unit): (dropout, dropoutUnit) = (rate, unit)
      case .linear, .stack, .parallel: break
      }
    }
  }

  private mutating func take(_ forward: CellConfiguration, _ reverse: CellConfiguration?) {
    cells.forward = CellName(forward.kind)
    if let reverse { cells.reverse = CellName(reverse.kind) }
    (bias, initialization) = (forward.bias, forward.initialization)
    (recurrentDropout, zoneout) = (forward.recurrentDropout, forward.zoneout)
    zoneoutMemory = max(forward.zoneoutMemory, reverse?.zoneoutMemory ?? 0)
  }
}

/// One layer's sizes.
struct LayerSizes: Sendable, Hashable {
  var forward: Int
  /// `nil`: one direction.
  var reverse: Int?
}

extension ValueKind where Value == LayerSizes {
  static var layerSizes: ValueKind {
    ValueKind(
      placeholder: "SIZE", expectation: "a size from 1 to \(WindowPlan.sizes.upperBound), or two as in 32+16"
    ) {
      text throws(ValueProblem) in
      let parts = text.split(separator: "+", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 1 || parts.count == 2, let first = parts[0], WindowPlan.sizes.contains(first)
      else {
        throw ValueProblem()
      }
      if parts.count == 1 { return LayerSizes(forward: first) }
      guard let second = parts[1], WindowPlan.sizes.contains(second) else { throw ValueProblem() }
      return LayerSizes(forward: first, reverse: second)
    } describe: { sizes in
      sizes.reverse.map { "\(sizes.forward)+\($0)" } ?? "\(sizes.forward)"
    }
  }
}
