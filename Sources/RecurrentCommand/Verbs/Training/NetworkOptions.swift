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
    initialization = Option(
      "initialization", .choice(of: Initialization.self), default: defaults.initialization,
      help: "How cells get their first weights.")
  }

  var group: OptionGroup {
    hasSides
      ? OptionGroup("Network", hidden, cell, noBias, dropout, initialization)
      : OptionGroup("Network", hidden, cell, merge, noBias, dropout, initialization)
  }

  /// The layers of the forward and of the reverse direction, of a task whose directions are networks of their own.
  func sides(
    _ arguments: ParsedArguments
  ) -> (forward: [LayerConfiguration], reverse: [LayerConfiguration]) {
    let names = arguments[cell]
    var sides = (forward: [LayerConfiguration](), reverse: [LayerConfiguration]())
    for sizes in arguments[hidden] {
      if !sides.forward.isEmpty && arguments[dropout] > 0 {
        sides.forward.append(.dropout(rate: arguments[dropout]))
        sides.reverse.append(.dropout(rate: arguments[dropout]))
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
      name.kind, size: size, bias: !arguments[noBias], initialization: arguments[initialization])
  }

  func layers(_ arguments: ParsedArguments) throws(CommandError) -> [LayerConfiguration] {
    try refuseContradictions(arguments)
    let names = arguments[cell]
    var layers: [LayerConfiguration] = []
    for sizes in arguments[hidden] {
      if !layers.isEmpty && arguments[dropout] > 0 { layers.append(.dropout(rate: arguments[dropout])) }
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
        dropout, circumstance: "with one layer, since it stands between layers",
        remedy: "leave it out, or give --hidden more sizes")
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
      case .dropout(let rate): dropout = rate
      case .linear, .stack, .parallel: break
      }
    }
  }

  private mutating func take(_ forward: CellConfiguration, _ reverse: CellConfiguration?) {
    cells.forward = CellName(forward.kind)
    if let reverse { cells.reverse = CellName(reverse.kind) }
    (bias, initialization) = (forward.bias, forward.initialization)
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
