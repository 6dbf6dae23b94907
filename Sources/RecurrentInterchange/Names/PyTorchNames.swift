internal import RecurrentCore

/// PyTorch's names, shapes and two biases for the parameters of `nn.RNN`, `nn.GRU` and `nn.LSTM`.
///
/// For layer `k`: `weight_ih_l{k}` `[G·H, in]`, `weight_hh_l{k}` `[G·H, H]`, `bias_ih_l{k}` and
/// `bias_hh_l{k}` `[G·H]`; the reverse direction has the suffix `_reverse`. Gate rows are i f g o and r z n,
/// as here. A GRU is always of the form `.resetAfter`, an RNN always tanh or ReLU.
///
/// Reference: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html.
public enum PyTorchNames {
  /// A `state_dict`, and what to write beside it into a safetensors file.
  public struct StateDictionary<Scalar: BinaryFloatingPoint & Sendable>: Hashable, Sendable {
    /// In the order in which PyTorch's own `state_dict` has them.
    public let tensors: [NamedTensor<Scalar>]
    /// `format: pt`, and `recurrent.torch_loadable: false` where PyTorch has no module of this shape.
    public let metadata: [String: String]
    /// False where directions or layers differ in kind, size or bias, or a direction stands alone in reverse:
    /// then the names are PyTorch's but no `nn.RNN`, `nn.GRU` or `nn.LSTM` loads them.
    public let isLoadableByPyTorch: Bool
  }

  /// The metadata key that marks tensors under PyTorch's names that PyTorch itself cannot load.
  public static let loadableKey = "recurrent.torch_loadable"

  /// A `state_dict` as this package's parameters.
  ///
  /// The two biases are added, which is the same function up to one rounding, except the reset-after GRU's
  /// candidate, whose recurrent bias becomes `biasHidden`. Lossless exactly where the biases that are added
  /// away are zero.
  ///
  /// - Parameters:
  ///   - tensors: the `state_dict`; tensors that are not below `prefix` are left alone.
  ///   - stack: what the tensors must be; see `stackShape(of:prefix:)`.
  ///   - prefix: the module's path, such as `encoder.lstm`; empty for the module itself.
  ///   - name: the stack's name here.
  public static func imported<Scalar>(
    _ tensors: [NamedTensor<Scalar>], stack: RecurrentStackShape, prefix: String = "", as name: String = "rnn"
  ) throws(ParameterNamesError) -> Conversion<[NamedTensor<Scalar>]> {
    try requireSupportedForms(stack)
    var table = try TensorTable(tensors, below: prefix, expecting: names(of: stack, prefix))
    var result: [NamedTensor<Scalar>] = []
    var isLossless = true
    for (layer, direction, inputSize, cell) in stack.cells {
      let weights = try take(from: &table, prefix, layer, direction, inputSize, cell)
      isLossless = isLossless && weights.mergesLosslessly(cell.kind)
      result += weights.tensors(
        prefix: name, layer: layer, direction: direction, inputSize: inputSize, cell: cell)
    }
    try table.finish()
    return Conversion(
      value: result, isLossless: isLossless,
      note: isLossless
        ? "parameters renamed, nothing rounded"
        : "bias_ih and bias_hh added: the same function up to one rounding; their split is lost, and training on from "
          + "here takes other steps than PyTorch, which moves both")
  }

  /// This package's parameters as a `state_dict`.
  ///
  /// `bias_hh` is zero, except the reset-after GRU's candidate block. Lossless as a function, not as a
  /// trajectory: PyTorch gives both biases the same gradient, so their sum moves twice as far in a step of
  /// plain gradient descent.
  ///
  /// - Throws: `gruFormUnsupported` for a reset-before GRU, which PyTorch does not have; `missing`,
  ///   `unexpected`,
  ///   `misshaped`, `duplicate`, `gruFormMismatch` where `tensors` are not the parameters of `stack`.
  public static func exported<Scalar>(
    _ tensors: [NamedTensor<Scalar>], stack: RecurrentStackShape, prefix: String = "",
    from name: String = "rnn"
  ) throws(ParameterNamesError) -> Conversion<StateDictionary<Scalar>> {
    try requireSupportedForms(stack)
    var table = try TensorTable(
      tensors, below: name, expecting: ParameterNames.all(of: stack, prefix: name).map(\.name))
    var result: [NamedTensor<Scalar>] = []
    for (layer, direction, inputSize, cell) in stack.cells {
      let weights = try CellWeights.take(
        from: &table, prefix: name, layer: layer, direction: direction, inputSize: inputSize, cell: cell)
      result += put(weights, prefix, layer, direction, inputSize, cell)
    }
    try table.finish()
    let isLoadable = isLoadable(stack)
    let metadata = ["format": "pt"].merging(isLoadable ? [:] : [loadableKey: "false"]) { $1 }
    let biasNote =
      stack.cells.contains(where: \.cell.hasBias)
      ? "; bias_hh added as zeros: the same function, but PyTorch moves both biases in training" : ""
    let shapeNote =
      isLoadable ? "" : "; no PyTorch module has layers and directions of such differing shapes"
    return Conversion(
      value: StateDictionary(tensors: result, metadata: metadata, isLoadableByPyTorch: isLoadable),
      isLossless: true, note: "parameters renamed, nothing rounded" + biasNote + shapeNote)
  }

  private static func requireSupportedForms(_ stack: RecurrentStackShape) throws(ParameterNamesError) {
    if let (layer, _, _, _) = stack.cells.first(where: { $0.cell.kind == .gru(.resetBefore) }) {
      throw .gruFormUnsupported(
        library: "PyTorch", layer: layer, form: .resetBefore, supported: .resetAfter)
    }
  }

  /// Whether some `nn.RNN`, `nn.GRU` or `nn.LSTM` has exactly this shape.
  private static func isLoadable(_ stack: RecurrentStackShape) -> Bool {
    guard let first = stack.layers[0].forward else { return false }
    return stack
      == RecurrentStackShape(
        first.kind, inputSize: stack.layers[0].inputSize, hiddenSize: first.hiddenSize,
        layerCount: stack.layers.count, isBidirectional: stack.layers[0].reverse != nil,
        hasBias: first.hasBias)
  }
}

// MARK: - One cell

extension PyTorchNames {
  static func name(
    _ tensor: String, _ prefix: String, _ layer: Int, _ direction: Direction
  ) -> String {
    ParameterNames.joined(prefix, "\(tensor)_l\(layer)" + (direction == .reverse ? "_reverse" : ""))
  }

  /// Every name of the stack's `state_dict`.
  private static func names(of stack: RecurrentStackShape, _ prefix: String) -> [String] {
    stack.cells.flatMap { layer, direction, _, cell in
      (["weight_ih", "weight_hh"] + (cell.hasBias ? ["bias_ih", "bias_hh"] : []))
        .map { name($0, prefix, layer, direction) }
    }
  }

  private static func take<Scalar>(
    from table: inout TensorTable<Scalar>, _ prefix: String, _ layer: Int,
    _ direction: Direction, _ inputSize: Int, _ cell: RecurrentStackShape.Cell
  ) throws(ParameterNamesError) -> CellWeights<Scalar> {
    let projection = name("weight_hr", prefix, layer, direction)
    if table.shape(of: projection) != nil { throw .projection(tensor: projection) }
    let theirs = GateConvention.pyTorch.order(of: cell.kind)
    let ours = GateConvention.recurrent.order(of: cell.kind)
    func rows(_ tensor: String, _ shape: [Int]) throws(ParameterNamesError) -> [Scalar] {
      let values = try table.take(name(tensor, prefix, layer, direction), shape)
      return theirs.reorderRows(of: values, columns: shape.count > 1 ? shape[1] : 1, to: ours).value
    }
    var weights = CellWeights(
      input: try rows("weight_ih", [cell.gateRows, inputSize]),
      hidden: try rows("weight_hh", [cell.gateRows, cell.hiddenSize]))
    if cell.hasBias {
      weights.inputBias = try rows("bias_ih", [cell.gateRows])
      weights.hiddenBias = try rows("bias_hh", [cell.gateRows])
    }
    return weights
  }

  private static func put<Scalar>(
    _ weights: CellWeights<Scalar>, _ prefix: String, _ layer: Int,
    _ direction: Direction, _ inputSize: Int, _ cell: RecurrentStackShape.Cell
  ) -> [NamedTensor<Scalar>] {
    let ours = GateConvention.recurrent.order(of: cell.kind)
    let theirs = GateConvention.pyTorch.order(of: cell.kind)
    func tensor(_ tensor: String, _ shape: [Int], _ values: [Scalar]) -> NamedTensor<Scalar> {
      let rows = ours.reorderRows(of: values, columns: shape.count > 1 ? shape[1] : 1, to: theirs).value
      return NamedTensor(name: name(tensor, prefix, layer, direction), shape: shape, values: rows)
    }
    var result = [
      tensor("weight_ih", [cell.gateRows, inputSize], weights.input),
      tensor("weight_hh", [cell.gateRows, cell.hiddenSize], weights.hidden),
    ]
    if let inputBias = weights.inputBias, let hiddenBias = weights.hiddenBias {
      result.append(tensor("bias_ih", [cell.gateRows], inputBias))
      result.append(tensor("bias_hh", [cell.gateRows], hiddenBias))
    }
    return result
  }
}
