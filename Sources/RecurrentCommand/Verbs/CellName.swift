internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

/// A cell by its name on the command line: one list for every verb.
package struct CellName: Sendable, Hashable {
  /// In full: "gru-reset-after". It is also the name in the cases of the gradient check.
  package let name: String
  let kind: CellConfiguration.Kind

  /// Every cell, as help lists them.
  package static let all: [CellName] =
    Activation.allCases.map { CellName(name: "rnn-\($0.rawValue)", kind: .simple($0)) } + [
      CellName(name: "gru-reset-before", kind: .gru(.resetBefore)),
      CellName(name: "gru-reset-after", kind: .gru(.resetAfter)),
      CellName(name: "lstm", kind: .lstm),
      CellName(name: "layer-norm-lstm", kind: .layerNormLSTM),
    ]

  /// Short names for the forms that PyTorch, Keras and cuDNN mean by them.
  package static let aliases = [(short: "rnn", name: "rnn-tanh"), (short: "gru", name: "gru-reset-after")]

  /// How help explains the short names.
  static let aliasHelp =
    aliases.map { "\($0.short) is short for \($0.name)" }.joined(separator: ", ")

  static let names = all.map(\.name) + aliases.map(\.short)

  /// A cell by its name or short name.
  package init?(_ text: String) {
    let name = Self.aliases.first { $0.short == text }?.name ?? text
    guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  init(_ kind: CellConfiguration.Kind) {
    self = Self.all.first { $0.kind == kind } ?? Self.all[0]
  }

  private init(name: String, kind: CellConfiguration.Kind) { (self.name, self.kind) = (name, kind) }
}

/// The cells of the two directions.
struct CellNames: Sendable, Hashable {
  var forward: CellName
  var reverse: CellName
}

extension ValueKind where Value == CellName {
  /// One cell.
  static var cell: ValueKind {
    ValueKind(
      placeholder: "CELL", expectation: "one of \(CellName.names.joined(separator: ", "))",
      choices: CellName.names
    ) { text throws(ValueProblem) in
      guard let cell = CellName(text) else {
        throw ValueProblem(
          part: text, advice: nearestName(to: text, among: CellName.names).map { "did you mean '\($0)'?" })
      }
      return cell
    } describe: {
      $0.name
    }
  }
}

extension ValueKind where Value == CellNames {
  /// A cell, or one for each direction with a plus between.
  static var cells: ValueKind {
    let single = ValueKind<CellName>.cell
    return ValueKind(
      placeholder: "CELL", expectation: single.expectation + ", or two with + between them",
      choices: single.choices
    ) { text throws(ValueProblem) in
      let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 1 || parts.count == 2 else { throw ValueProblem() }
      return CellNames(
        forward: try single.parse(parts[0]), reverse: try single.parse(parts[parts.count - 1]))
    } describe: {
      $0.forward == $0.reverse ? $0.forward.name : "\($0.forward.name)+\($0.reverse.name)"
    }
  }
}
