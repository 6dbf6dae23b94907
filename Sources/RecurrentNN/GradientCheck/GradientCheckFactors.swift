internal import RecurrentCore

/// A cell with the name that it has in the names of cases.
struct CheckedCell {
  let name: String
  let kind: CellConfiguration.Kind

  static let all =
    Activation.allCases.map { CheckedCell(name: "rnn-\($0.rawValue)", kind: .simple($0)) } + [
      CheckedCell(name: "gru-reset-before", kind: .gru(.resetBefore)),
      CheckedCell(name: "gru-reset-after", kind: .gru(.resetAfter)),
      CheckedCell(name: "lstm", kind: .lstm),
      CheckedCell(name: "layer-norm-lstm", kind: .layerNormLSTM),
    ]

  /// The cell that stands beside this one where a network has two kinds.
  var partner: CheckedCell {
    let index = Self.all.firstIndex { $0.name == name } ?? 0
    return Self.all[(index + 3) % Self.all.count]
  }

  func configuration(_ size: Int, bias: Bool) -> CellConfiguration {
    CellConfiguration(kind, size: size, bias: bias)
  }

  /// Units that this cell's layers, and those of others beside them, have more than others' do. Layer normalisation of few
  /// numbers that lie close together bends within √ε of them: a true gradient, and no differences that would show it.
  var extraSize: Int { kind == .layerNormLSTM ? 3 : 0 }
}

enum Arrangement {
  enum Sizes { case equal, unequal }
  case forward, reverse
  case bidirectional(Sizes, Merge)
  /// Two kinds of cells.
  case mixed(Sizes, Merge)

  static let all: [Arrangement] =
    [.forward, .reverse]
    + Merge.allCases.map { .bidirectional(.equal, $0) }
    + [Merge.concatenate, .none].map { .bidirectional(.unequal, $0) }
    + Merge.allCases.map { .mixed([.sum, .mean, .product].contains($0) ? .equal : .unequal, $0) }

  func name(_ cell: CheckedCell) -> String {
    func sizes(_ sizes: Sizes, _ extra: Int) -> String {
      "\(3 + extra)+\((sizes == .equal ? 3 : 2) + extra)"
    }
    return switch self {
    case .forward: "forward"
    case .reverse: "reverse"
    case .bidirectional(let size, _): "bidirectional \(sizes(size, cell.extraSize))"
    case .mixed(let size, _): "bidirectional \(sizes(size, max(cell.extraSize, cell.partner.extraSize)))"
    }
  }

  var merge: Merge? {
    switch self {
    case .forward, .reverse: nil
    case .bidirectional(_, let merge), .mixed(_, let merge): merge
    }
  }

  /// Layer `depth` of a stack of them: sizes change from layer to layer, and only the last may keep two outputs.
  func layer(_ cell: CheckedCell, depth: Int, bias: Bool, isLast: Bool) -> LayerConfiguration {
    let even = depth % 2 == 0
    func both(_ other: CheckedCell, _ sizes: Sizes, _ merge: Merge) -> LayerConfiguration {
      let extra = max(cell.extraSize, other.extraSize)
      return .bidirectional(
        forward: cell.configuration((even ? 3 : 2) + extra, bias: bias),
        reverse: other.configuration((even == (sizes == .equal) ? 3 : 2) + extra, bias: bias),
        merge: merge == .none && !isLast ? .concatenate : merge)
    }
    let alone = cell.configuration((even ? 3 : 2) + cell.extraSize, bias: bias)
    return switch self {
    case .forward: .recurrent(alone)
    case .reverse: .recurrent(alone, direction: .reverse)
    case .bidirectional(let sizes, let merge): both(cell, sizes, merge)
    case .mixed(let sizes, let merge): both(cell.partner, sizes, merge)
    }
  }
}

struct CheckedPositions {
  let name: String
  let positions: SequencePositions

  static let all = [
    CheckedPositions(name: "all", positions: .all),
    CheckedPositions(name: "last", positions: .last),
    CheckedPositions(name: "first", positions: .first),
    CheckedPositions(name: "first-and-last", positions: .firstAndLast),
    // Two of three steps, others for each sequence; of the longest neither the first nor the last.
    CheckedPositions(
      name: "mask", positions: .mask((0..<5).map { b in (0..<5).map { t in (t + b) % 3 != 0 && t < 4 } })),
  ]
}

struct CheckedLoss {
  let name: String
  let loss: GradientCheckLoss

  static let all = [
    CheckedLoss(name: "half-squared-error", loss: .rows(.halfSquaredError)),
    CheckedLoss(name: "mean-squared-error", loss: .rows(.meanSquaredError)),
    CheckedLoss(name: "binary-cross-entropy", loss: .rows(.binaryCrossEntropy)),
    CheckedLoss(name: "softmax", loss: .rows(.softmaxCrossEntropy(ignoreIndex: -100, labelSmoothing: 0.1))),
  ]

  /// Losses of whole sequences.
  static let ofSequences = [
    CheckedLoss(name: "crf", loss: .conditionalRandomField(isConstrained: false)),
    CheckedLoss(name: "crf-bio", loss: .conditionalRandomField(isConstrained: true)),
    CheckedLoss(name: "ctc", loss: .connectionistTemporalClassification),
  ]
}

extension GradientCheckCase {
  static let raggedLengths = [4, 0, 2, 5, 1]

  init(
    cell: CheckedCell, _ arrangement: Arrangement, depth: Int, bias: Bool, positions: CheckedPositions,
    loss: CheckedLoss
  ) {
    let layers = (0..<depth).map {
      arrangement.layer(cell, depth: $0, bias: bias, isLast: $0 == depth - 1)
    }
    var words = [cell.name]
    if case .mixed = arrangement { words = ["\(cell.name)+\(cell.partner.name)"] }
    words += [arrangement.name(cell), "depth \(depth)", bias ? "bias" : "no bias"]
    if let merge = arrangement.merge { words.append(merge.rawValue) }
    words += ["ragged", positions.name, loss.name]
    self.init(
      name: words.joined(separator: " "), body: depth == 1 ? layers[0] : .stack(layers),
      positions: positions.positions, loss: loss.loss, lengths: Self.raggedLengths, mode: .inference)
  }

  private static let unequal = Arrangement.bidirectional(.unequal, .concatenate)

  /// Recurrent dropout and zoneout in both directions and in a layer upon them, in training or, of zoneout, in use.
  static func noise(
    _ cell: CheckedCell, positions: CheckedPositions, loss: CheckedLoss, mode: RunMode
  ) -> GradientCheckCase {
    func noisy(_ size: Int, dropout: Double, zoneout: Double) -> CellConfiguration {
      var configuration = cell.configuration(size + cell.extraSize, bias: true)
      configuration.recurrentDropout = dropout
      configuration.zoneout = zoneout
      configuration.zoneoutMemory = cell.kind.hasMemory ? 0.4 : 0
      return configuration
    }
    let isTraining = mode != .inference
    return GradientCheckCase(
      name:
        "\(cell.name) \(unequal.name(cell)) depth 2 noise\(isTraining ? "" : " in use") ragged \(positions.name) \(loss.name)",
      body: .stack([
        .bidirectional(
          forward: noisy(3, dropout: 0.3, zoneout: 0.2), reverse: noisy(2, dropout: 0, zoneout: 0.4)),
        .recurrent(noisy(3, dropout: 0.4, zoneout: 0)),
      ]),
      positions: positions.positions, loss: loss.loss, lengths: raggedLengths, mode: mode)
  }

  /// Dropout between two layers and above them, in training.
  static func dropout(
    _ cell: CheckedCell, positions: CheckedPositions, loss: CheckedLoss
  ) -> GradientCheckCase {
    GradientCheckCase(
      name: "\(cell.name) \(unequal.name(cell)) depth 2 dropout ragged \(positions.name) \(loss.name)",
      body: .stack([
        unequal.layer(cell, depth: 0, bias: true, isLast: false), .dropout(rate: 0.4),
        Arrangement.forward.layer(cell, depth: 0, bias: true, isLast: true),
        .dropout(rate: 0.3, unit: .feature),
      ]),
      positions: positions.positions, loss: loss.loss, lengths: raggedLengths,
      mode: .training(seed: 7, update: 3))
  }

  static func fullLengths(
    _ cell: CheckedCell, positions: CheckedPositions, loss: CheckedLoss
  ) -> GradientCheckCase {
    GradientCheckCase(
      name: "\(cell.name) \(unequal.name(cell)) bias concatenate full \(positions.name) \(loss.name)",
      body: unequal.layer(cell, depth: 0, bias: true, isLast: true),
      positions: positions.positions, loss: loss.loss, lengths: [3, 3, 3, 3, 3], mode: .inference)
  }

  /// A loss of whole sequences over a layer of two directions.
  static func sequences(
    _ cell: CheckedCell, positions: CheckedPositions, loss: CheckedLoss
  ) -> GradientCheckCase {
    GradientCheckCase(
      name: "\(cell.name) \(unequal.name(cell)) bias concatenate ragged \(positions.name) \(loss.name)",
      body: unequal.layer(cell, depth: 0, bias: true, isLast: true),
      positions: positions.positions, loss: loss.loss, lengths: raggedLengths, mode: .inference)
  }

  /// A recurrent layer with a linear one upon it, beside a reverse layer of another kind.
  static func parallel(
    _ cell: CheckedCell, _ other: CheckedCell, merge: Merge, positions: CheckedPositions, loss: CheckedLoss
  ) -> GradientCheckCase {
    let size = 2 + other.extraSize
    return GradientCheckCase(
      name:
        "\(cell.name) linear beside \(other.name) reverse \(merge.rawValue) ragged \(positions.name) \(loss.name)",
      body: .parallel(
        [
          .stack([
            Arrangement.forward.layer(cell, depth: 0, bias: true, isLast: false), .linear(outputs: size),
          ]),
          .recurrent(other.configuration(size, bias: true), direction: .reverse),
        ], merge: merge),
      positions: positions.positions, loss: loss.loss, lengths: raggedLengths, mode: .inference)
  }
}
