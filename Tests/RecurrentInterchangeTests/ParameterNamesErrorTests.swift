import RecurrentCore
import RecurrentInterchange
import Testing

/// Sets of tensors that are not the stack asked for.
@Suite struct ParameterNamesErrorTests {
  private let stack = RecurrentStackShape(.lstm, inputSize: 3, hiddenSize: 2, layerCount: 2)

  private func error(_ body: () throws(ParameterNamesError) -> Void) -> ParameterNamesError? {
    do throws(ParameterNamesError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private func importing(
    _ tensors: [NamedTensor<Double>], _ stack: RecurrentStackShape, prefix: String = ""
  ) -> ParameterNamesError? {
    error { () throws(ParameterNamesError) in
      _ = try PyTorchNames.imported(tensors, stack: stack, prefix: prefix)
    }
  }

  private func renamed(_ tensor: NamedTensor<Double>, _ name: String) -> NamedTensor<Double> {
    NamedTensor(name: name, shape: tensor.shape, values: tensor.values)
  }

  @Test func everyMissingTensorIsNamed() {
    let tensors = StackSample.pyTorch(stack)
    for index in tensors.indices {
      var fewer = tensors
      let removed = fewer.remove(at: index)
      guard case .missing(let name, let shape, _) = importing(fewer, stack) else {
        Issue.record("\(removed.name) was not missed")
        continue
      }
      #expect(name == removed.name)
      #expect(shape == removed.shape)
    }
  }

  @Test func aMistypedNameIsOffered() {
    var tensors = StackSample.pyTorch(stack)
    tensors[0] = renamed(tensors[0], "weight_ih_10")
    #expect(
      importing(tensors, stack)
        == .missing(tensor: "weight_ih_l0", expectedShape: [8, 3], nearest: "weight_ih_10"))
    tensors[0] = renamed(tensors[0], "wieght_ih_l0")
    #expect(
      importing(tensors, stack)
        == .missing(tensor: "weight_ih_l0", expectedShape: [8, 3], nearest: "wieght_ih_l0"))
    tensors[0] = renamed(tensors[0], "embedding.table")
    #expect(
      importing(tensors, stack) == .missing(tensor: "weight_ih_l0", expectedShape: [8, 3], nearest: nil))
  }

  @Test func everyMisshapedTensorIsNamed() {
    let tensors = StackSample.pyTorch(stack)
    for index in tensors.indices {
      var wrong = tensors
      let shape = Array(tensors[index].shape.reversed()) + [1]
      wrong[index] = NamedTensor(name: tensors[index].name, shape: shape, values: tensors[index].values)
      #expect(
        importing(wrong, stack)
          == .misshaped(tensor: tensors[index].name, found: shape, expected: tensors[index].shape))
    }
  }

  @Test func leftoversAndRepeatsAreRefused() {
    let tensors = StackSample.pyTorch(stack)
    #expect(
      importing(tensors + [renamed(tensors[0], "weight_ih_l2")], stack)
        == .unexpected(tensor: "weight_ih_l2", shape: [8, 3], nearest: "weight_ih_l0"))
    #expect(importing(tensors + [tensors[3]], stack) == .duplicate(tensor: "bias_hh_l0"))
    let projected = renamed(tensors[0], "weight_hr_l1")
    #expect(importing(tensors + [projected], stack) == .projection(tensor: "weight_hr_l1"))
  }

  @Test func whatIsNotBelowThePrefixIsLeftAlone() {
    let tensors = StackSample.pyTorch(stack, prefix: "lstm.")
    let other = renamed(tensors[0], "lstm2.weight_ih_l0")
    #expect(importing(tensors + [other], stack, prefix: "lstm") == nil)
  }

  @Test func formsOfTheGRUAreNotExchanged() {
    let before = RecurrentStackShape(.gru(.resetBefore), inputSize: 3, hiddenSize: 2)
    let after = RecurrentStackShape(.gru(.resetAfter), inputSize: 3, hiddenSize: 2)
    let unsupported = ParameterNamesError.gruFormUnsupported(
      library: "PyTorch", layer: 0, form: .resetBefore, supported: .resetAfter)
    #expect(importing(StackSample.pyTorch(after), before) == unsupported)
    #expect(
      error { () throws(ParameterNamesError) in
        _ = try PyTorchNames.exported(StackSample.ours(before), stack: before)
      } == unsupported)
    for (made, asked, found, expected) in [
      (before, after, GRUForm.resetBefore, GRUForm.resetAfter),
      (after, before, .resetAfter, .resetBefore),
    ] {
      #expect(
        error { () throws(ParameterNamesError) in
          _ = try KerasNames.imported(StackSample.keras(made), stack: asked)
        } == .gruFormMismatch(tensor: "0.bias", found: found, expected: expected))
      #expect(
        error { () throws(ParameterNamesError) in
          _ = try KerasNames.exported(StackSample.ours(made), stack: asked)
        }
          == .gruFormMismatch(tensor: "rnn.0.forward.biasHidden", found: found, expected: expected))
    }
  }

  @Test func shapesOfNoCellAreRefused() {
    for shape in [[5, 2], [4, 0], [0, 4], [8], [2, 2, 2], [4, 2]] {
      let count = shape.reduce(1, *)
      let tensor = NamedTensor(
        name: "weight_hh_l0", shape: shape, values: [Double](repeating: 0, count: count))
      let input = NamedTensor(name: "weight_ih_l0", shape: [1, 1], values: [0.0])
      #expect(
        error { () throws(ParameterNamesError) in _ = try PyTorchNames.stackShape(of: [tensor, input]) }
          == .unknownCell(tensor: "weight_hh_l0", shape: shape))
    }
    #expect(
      error { () throws(ParameterNamesError) in
        _ = try PyTorchNames.stackShape(of: StackSample.pyTorch(stack, prefix: "lstm."))
      } == .missing(tensor: "weight_hh_l0", expectedShape: [], nearest: "lstm.weight_hh_l0"))
  }

  @Test func everyMessageIsOneLineWithARemedy() {
    let errors: [ParameterNamesError] = [
      .missing(tensor: "a\nb", expectedShape: [1], nearest: "b"),
      .missing(tensor: "a", expectedShape: [1], nearest: nil),
      .unexpected(tensor: "a\nb", shape: [1], nearest: "c"),
      .unexpected(tensor: "a", shape: [1], nearest: nil),
      .misshaped(tensor: "a\nb", found: [1], expected: [2]), .duplicate(tensor: "a\nb"),
      .gruFormMismatch(tensor: "a\nb", found: .resetAfter, expected: .resetBefore),
      .gruFormUnsupported(library: "PyTorch", layer: 0, form: .resetBefore, supported: .resetAfter),
      .projection(tensor: "a\nb"), .unknownCell(tensor: "a\nb", shape: [1]),
    ]
    for error in errors {
      #expect(!error.description.contains("\n"), "\(error)")
      #expect(error.description.contains("found") && error.description.contains("expected"), "\(error)")
      #expect(error.description.contains(";"), "\(error)")
    }
  }
}
