import RecurrentCore
import RecurrentInterchange
import Testing

private let kinds: [RecurrentCellKind] = [.rnn, .gru(.resetAfter), .lstm]

@Suite struct PyTorchNamesTests {
  @Test(arguments: kinds, [true, false])
  func importedCellsComputeTheSame(kind: RecurrentCellKind, hasBias: Bool) throws {
    let stack = StackSample.uneven(kind, hasBias: hasBias)
    let theirs = StackSample.pyTorch(stack)
    let imported = try PyTorchNames.imported(theirs, stack: stack)
    expectSameCells(theirs, imported.value, stack)
    // Random biases are both non-zero: their split cannot be recovered.
    #expect(imported.isLossless == !hasBias)
  }

  @Test(arguments: kinds, [true, false])
  func exportedCellsComputeTheSame(kind: RecurrentCellKind, hasBias: Bool) throws {
    let stack = StackSample.uneven(kind, hasBias: hasBias)
    let ours = StackSample.ours(stack)
    let exported = try PyTorchNames.exported(ours, stack: stack)
    expectSameCells(exported.value.tensors, ours, stack)
    #expect(exported.isLossless)
    #expect(exported.note.contains("moves both biases") == hasBias)
  }

  private func expectSameCells(
    _ theirs: [NamedTensor<Double>], _ ours: [NamedTensor<Double>], _ stack: RecurrentStackShape
  ) {
    for (layer, direction, inputSize, cell) in stack.everyCell {
      let suffix = "l\(layer)" + (direction == .reverse ? "_reverse" : "")
      let difference = StackSample.difference(
        cell.kind, inputSize: inputSize, .pyTorch(theirs, suffix, cell.hiddenSize),
        .ours(ours, "rnn.\(layer).\(direction)", cell.hiddenSize))
      #expect(difference <= StackSample.tolerance, "\(cell.kind) \(suffix)")
    }
  }

  @Test(arguments: kinds, [true, false])
  func oursThereAndBackIsIdentical(kind: RecurrentCellKind, hasBias: Bool) throws {
    let stack = StackSample.uneven(kind, hasBias: hasBias)
    let ours = StackSample.ours(stack, prefix: "model.encoder")
    let theirs = try PyTorchNames.exported(ours, stack: stack, prefix: "a.b", from: "model.encoder").value
    let back = try PyTorchNames.imported(theirs.tensors, stack: stack, prefix: "a.b", as: "model.encoder")
    #expect(back.value == ours)
    #expect(back.isLossless)
  }

  /// Worked by hand: the biases of r and z are summed, those of n kept apart.
  @Test func gruBiasesAreMergedGateByGate() throws {
    let stack = RecurrentStackShape(.gru(.resetAfter), inputSize: 1, hiddenSize: 2)
    let theirs = [
      NamedTensor<Float>(name: "weight_ih_l0", shape: [6, 1], values: [1, 2, 3, 4, 5, 6]),
      NamedTensor(name: "weight_hh_l0", shape: [6, 2], values: (0..<12).map { Float($0) }),
      NamedTensor(name: "bias_ih_l0", shape: [6], values: [1, 2, 3, 4, 5, 6]),
      NamedTensor(name: "bias_hh_l0", shape: [6], values: [10, 20, 30, 40, 50, 60]),
    ]
    let ours = try PyTorchNames.imported(theirs, stack: stack).value
    #expect(
      ours.map(\.name) == ["weightInput", "weightHidden", "bias", "biasHidden"].map { "rnn.0.forward.\($0)" })
    #expect(
      ours[2] == NamedTensor(name: "rnn.0.forward.bias", shape: [1, 6], values: [11, 22, 33, 44, 5, 6]))
    #expect(ours[3] == NamedTensor(name: "rnn.0.forward.biasHidden", shape: [1, 2], values: [50, 60]))
  }

  @Test func negativeZeroBiasKeepsItsSign() throws {
    let stack = RecurrentStackShape(.rnn, inputSize: 1, hiddenSize: 1)
    let ours = [
      NamedTensor(name: "rnn.0.forward.weightInput", shape: [1, 1], values: [1.0]),
      NamedTensor(name: "rnn.0.forward.weightHidden", shape: [1, 1], values: [1.0]),
      NamedTensor(name: "rnn.0.forward.bias", shape: [1, 1], values: [-0.0]),
    ]
    let theirs = try PyTorchNames.exported(ours, stack: stack).value.tensors
    let back = try PyTorchNames.imported(theirs, stack: stack).value
    #expect(back[2].values[0].sign == .minus)
  }

  @Test(arguments: kinds, [true, false])
  func theStackIsReadFromTheFile(kind: RecurrentCellKind, hasBias: Bool) throws {
    let uneven = StackSample.uneven(kind, hasBias: hasBias)
    let even = RecurrentStackShape(
      kind, inputSize: 3, hiddenSize: 4, layerCount: 3, isBidirectional: true, hasBias: hasBias)
    for stack in [uneven, even] {
      let theirs = StackSample.pyTorch(stack, prefix: "m.")
      let other = NamedTensor(name: "linear.weight", shape: [1], values: [1.0])
      #expect(try PyTorchNames.stackShape(of: theirs + [other], prefix: "m") == stack)
    }
  }

  @Test func onlyEvenStacksAreMarkedLoadable() throws {
    let even = RecurrentStackShape(.lstm, inputSize: 3, hiddenSize: 4, layerCount: 2, isBidirectional: true)
    let reverse = RecurrentStackShape(layers: [
      .init(inputSize: 3, forward: nil, reverse: .init(.lstm, hiddenSize: 2))
    ])
    let mixed = RecurrentStackShape(layers: [
      .init(inputSize: 3, forward: .init(.lstm, hiddenSize: 2), reverse: .init(.rnn, hiddenSize: 2))
    ])
    for (stack, isLoadable) in [
      (even, true), (StackSample.uneven(.lstm), false), (reverse, false), (mixed, false),
    ] {
      let exported = try PyTorchNames.exported(StackSample.ours(stack), stack: stack)
      #expect(exported.value.isLoadableByPyTorch == isLoadable)
      #expect(exported.value.metadata["format"] == "pt")
      #expect(exported.value.metadata[PyTorchNames.loadableKey] == (isLoadable ? nil : "false"))
      #expect(exported.note.contains("no PyTorch module") == !isLoadable)
    }
  }
}
