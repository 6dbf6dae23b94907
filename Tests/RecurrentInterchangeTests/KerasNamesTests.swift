import RecurrentCore
import RecurrentInterchange
import Testing

private let kinds: [RecurrentCellKind] = [.rnn, .gru(.resetAfter), .gru(.resetBefore), .lstm]

@Suite struct KerasNamesTests {
  @Test(arguments: kinds, [true, false])
  func importedCellsComputeTheSame(kind: RecurrentCellKind, hasBias: Bool) throws {
    let stack = StackSample.uneven(kind, hasBias: hasBias)
    let theirs = StackSample.keras(stack)
    let imported = try KerasNames.imported(theirs, stack: stack)
    expectSameCells(theirs, imported.value, stack)
    #expect(imported.isLossless == !(hasBias && kind == .gru(.resetAfter)))
  }

  @Test(arguments: kinds, [true, false])
  func exportedCellsComputeTheSame(kind: RecurrentCellKind, hasBias: Bool) throws {
    let stack = StackSample.uneven(kind, hasBias: hasBias)
    let ours = StackSample.ours(stack)
    let exported = try KerasNames.exported(ours, stack: stack)
    expectSameCells(exported.value, ours, stack)
    #expect(exported.isLossless)
    #expect(exported.note.contains("moves both biases") == (hasBias && kind == .gru(.resetAfter)))
  }

  private func expectSameCells(
    _ theirs: [NamedTensor<Double>], _ ours: [NamedTensor<Double>], _ stack: RecurrentStackShape
  ) {
    for (layer, direction, inputSize, cell) in stack.everyCell {
      let path = "\(layer).\(direction == .forward ? "forward_layer" : "backward_layer")"
      let difference = StackSample.difference(
        cell.kind, inputSize: inputSize, .keras(theirs, path, cell.hiddenSize),
        .ours(ours, "rnn.\(layer).\(direction)", cell.hiddenSize))
      #expect(difference <= StackSample.tolerance, "\(cell.kind) \(path)")
    }
  }

  @Test(arguments: kinds, [true, false])
  func oursThereAndBackIsIdentical(kind: RecurrentCellKind, hasBias: Bool) throws {
    let stack = StackSample.uneven(kind, hasBias: hasBias)
    let ours = StackSample.ours(stack, prefix: "e")
    let theirs = try KerasNames.exported(ours, stack: stack, prefix: "k", from: "e").value
    let back = try KerasNames.imported(theirs, stack: stack, prefix: "k", as: "e")
    #expect(back.value == ours)
    #expect(back.isLossless)
  }

  /// The order of `get_weights()`: forward then backward layer, each kernel, recurrent kernel, bias.
  @Test(arguments: kinds)
  func weightsComeInTheOrderOfGetWeights(kind: RecurrentCellKind) throws {
    let stack = StackSample.uneven(kind)
    let exported = try KerasNames.exported(StackSample.ours(stack), stack: stack).value
    let expected = StackSample.keras(stack)
    #expect(exported.map(\.name) == expected.map(\.name))
    #expect(exported.map(\.shape) == expected.map(\.shape))
  }

  @Test func aLayerOfOneDirectionHasNoWrapper() throws {
    for (forward, reverse) in [(true, false), (false, true)] {
      let cell = RecurrentStackShape.Cell(.lstm, hiddenSize: 2)
      let stack = RecurrentStackShape(layers: [
        .init(inputSize: 3, forward: forward ? cell : nil, reverse: reverse ? cell : nil)
      ])
      let exported = try KerasNames.exported(StackSample.ours(stack), stack: stack).value
      #expect(exported.map(\.name) == ["0.kernel", "0.recurrent_kernel", "0.bias"])
    }
  }

  /// Worked by hand for one unit and one input: columns z r h become rows r z n.
  @Test func gruColumnsBecomeRows() throws {
    let stack = RecurrentStackShape(.gru(.resetAfter), inputSize: 1, hiddenSize: 1)
    let theirs = [
      NamedTensor<Float>(name: "0.kernel", shape: [1, 3], values: [1, 2, 3]),
      NamedTensor(name: "0.recurrent_kernel", shape: [1, 3], values: [4, 5, 6]),
      NamedTensor(name: "0.bias", shape: [2, 3], values: [0.25, 0.5, 0.75, 10, 20, 30]),
    ]
    let ours = try KerasNames.imported(theirs, stack: stack).value
    #expect(ours.map(\.values) == [[2, 1, 3], [5, 4, 6], [20.5, 10.25, 0.75], [30]])
  }
}
