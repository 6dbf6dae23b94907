internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

/// The options that spell a recurrent network, and their meaning.
///
/// A layer is `48`, or `32+16` for a bidirectional one: forward and reverse size, which may differ. One cell name is for
/// all layers; `gru+lstm` gives the two directions different ones.
enum NetworkOptions {
  static let hidden = Option(
    "hidden", .list(of: .layerSizes), default: ForecastDefaults.layerSizes,
    help: "Sizes of the layers from below; 32+16 is bidirectional, forward and reverse.")
  static let cell = Option(
    "cell", .cells, default: CellNames(forward: "gru", reverse: "gru"),
    help: "Cell of every layer, or gru+lstm for forward and reverse.")
  static let merge = Option(
    "merge", .choice(of: Merge.self), default: .concatenate,
    help: "How the directions of a bidirectional layer become one.")
  static let noBias = Flag("no-bias", help: "Cells without biases.")
  static let dropout = Option(
    "dropout", .number(in: 0..<1), default: 0, help: "Rate of dropout between layers, in training.")
  static let initialization = Option(
    "initialization", .choice(of: Initialization.self), default: .uniform,
    help: "How cells get their first weights.")

  static let group = OptionGroup(
    "Network", hidden, cell, merge, noBias, dropout, initialization)

  static func layers(_ arguments: ParsedArguments) -> [LayerConfiguration] {
    let names = arguments[cell]
    func configuration(_ name: String, _ size: Int) -> CellConfiguration {
      CellConfiguration(
        CellNames.kinds[name] ?? .lstm, size: size, bias: !arguments[noBias],
        initialization: arguments[initialization])
    }
    var layers: [LayerConfiguration] = []
    for sizes in arguments[hidden] {
      if !layers.isEmpty && arguments[dropout] > 0 { layers.append(.dropout(rate: arguments[dropout])) }
      let ahead = configuration(names.forward, sizes.forward)
      if let reverse = sizes.reverse {
        layers.append(
          .bidirectional(
            forward: ahead, reverse: configuration(names.reverse, reverse), merge: arguments[merge]))
      } else {
        layers.append(.recurrent(ahead))
      }
    }
    return layers
  }
}

/// One layer's sizes.
struct LayerSizes: Sendable, Hashable {
  var forward: Int
  /// `nil`: one direction.
  var reverse: Int?
}

/// The cells of the two directions, by their names on the command line.
struct CellNames: Sendable, Hashable {
  var forward: String
  var reverse: String

  static let kinds: [String: CellConfiguration.Kind] = [
    "gru": .gru(.resetAfter), "gru-reset-before": .gru(.resetBefore), "lstm": .lstm,
    "rnn": .simple(.tanh), "rnn-relu": .simple(.relu), "rnn-sigmoid": .simple(.sigmoid),
    "rnn-identity": .simple(.identity),
  ]
}

extension ValueKind where Value == LayerSizes {
  static var layerSizes: ValueKind {
    ValueKind(placeholder: "SIZE", expectation: "a size of at least 1, or two as in 32+16") {
      text throws(ValueProblem) in
      let parts = text.split(separator: "+", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 1 || parts.count == 2, let first = parts[0], (1...1 << 20).contains(first) else {
        throw ValueProblem()
      }
      if parts.count == 1 { return LayerSizes(forward: first) }
      guard let second = parts[1], (1...1 << 20).contains(second) else { throw ValueProblem() }
      return LayerSizes(forward: first, reverse: second)
    } describe: { sizes in
      sizes.reverse.map { "\(sizes.forward)+\($0)" } ?? "\(sizes.forward)"
    }
  }
}

extension ValueKind where Value == CellNames {
  static var cells: ValueKind {
    let names = CellNames.kinds.keys.sorted()
    return ValueKind(
      placeholder: "CELL", expectation: "one of \(names.joined(separator: ", ")), or two with + between them",
      choices: names
    ) { text throws(ValueProblem) in
      let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 1 || parts.count == 2 else { throw ValueProblem() }
      for part in parts where CellNames.kinds[part] == nil {
        throw ValueProblem(
          part: part, advice: nearestName(to: part, among: names).map { "did you mean '\($0)'?" })
      }
      return CellNames(forward: parts[0], reverse: parts[parts.count - 1])
    } describe: {
      $0.forward == $0.reverse ? $0.forward : "\($0.forward)+\($0.reverse)"
    }
  }
}
