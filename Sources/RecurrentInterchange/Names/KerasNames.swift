internal import RecurrentCore

/// Keras' names, shapes and gate orders for the weights of `SimpleRNN`, `GRU` and `LSTM`.
///
/// A layer of `u` units has `kernel` `[in, G·u]`, `recurrent_kernel` `[u, G·u]` and `bias` `[G·u]`, or
/// `[2, G·u]` for a GRU with `reset_after=True`: first the input's bias, then the recurrent one. Gate columns
/// are i f c o and z r h.
///
/// Keras has no flat dictionary of a whole stack, so these names are made from the layer's index:
/// `{k}.kernel`, and for a layer of two directions `{k}.forward_layer.kernel` and
/// `{k}.backward_layer.kernel`, after the attributes of `keras.layers.Bidirectional`. Tensors come out in the
/// order of `get_weights()`. A layer that runs in reverse alone is `go_backwards=True`, whose outputs Keras
/// leaves in reversed order.
///
/// Reference: https://keras.io/api/layers/recurrent_layers/.
public enum KerasNames {
  /// Keras' weights as this package's parameters: transposed, gates reordered, biases merged as for PyTorch.
  ///
  /// - Parameters: as for `PyTorchNames.imported(_:stack:prefix:as:)`.
  /// - Throws: `gruFormMismatch` where the bias of a GRU is of the form that `stack` is not; `missing`,
  ///   `unexpected`, `misshaped`, `duplicate`. Without bias the forms cannot be told apart, and `stack` decides.
  public static func imported<Scalar>(
    _ tensors: [NamedTensor<Scalar>], stack: RecurrentStackShape, prefix: String = "", as name: String = "rnn"
  ) throws(ParameterNamesError) -> Conversion<[NamedTensor<Scalar>]> {
    let names = stack.cells.flatMap { layer, direction, _, cell in
      (["kernel", "recurrent_kernel"] + (cell.hasBias ? ["bias"] : []))
        .map { "\(path(prefix, layer, direction, in: stack)).\($0)" }
    }
    var table = try TensorTable(tensors, below: prefix, expecting: names)
    var result: [NamedTensor<Scalar>] = []
    var isLossless = true
    for (layer, direction, inputSize, cell) in stack.cells {
      let path = path(prefix, layer, direction, in: stack)
      let weights = try take(from: &table, path, inputSize, cell)
      isLossless = isLossless && weights.mergesLosslessly(cell.kind)
      result += weights.tensors(
        prefix: name, layer: layer, direction: direction, inputSize: inputSize, cell: cell)
    }
    try table.finish()
    return Conversion(
      value: result, isLossless: isLossless,
      note: isLossless
        ? "weights transposed and gates reordered, nothing rounded"
        : "weights transposed and gates reordered; the two biases of the gates r and z added: the same function up to "
          + "one rounding, but their split is lost")
  }

  /// This package's parameters as Keras' weights, in the order of `get_weights()`.
  ///
  /// The recurrent bias of a reset-after GRU is zero for z and r. Lossless as a function; Keras then trains
  /// both biases.
  /// - Throws: where `tensors` are not the parameters of `stack`.
  public static func exported<Scalar>(
    _ tensors: [NamedTensor<Scalar>], stack: RecurrentStackShape, prefix: String = "",
    from name: String = "rnn"
  ) throws(ParameterNamesError) -> Conversion<[NamedTensor<Scalar>]> {
    var table = try TensorTable(
      tensors, below: name, expecting: ParameterNames.all(of: stack, prefix: name).map(\.name))
    var result: [NamedTensor<Scalar>] = []
    for (layer, direction, inputSize, cell) in stack.cells {
      let weights = try CellWeights.take(
        from: &table, prefix: name, layer: layer, direction: direction, inputSize: inputSize, cell: cell)
      result += put(weights, path(prefix, layer, direction, in: stack), inputSize, cell)
    }
    try table.finish()
    let splits = stack.cells.contains { $0.cell.kind == .gru(.resetAfter) && $0.cell.hasBias }
    return Conversion(
      value: result, isLossless: true,
      note: "weights transposed and gates reordered, nothing rounded"
        + (splits
          ? "; recurrent bias of z and r added as zeros: the same function, but Keras moves both biases in training"
          : ""))
  }

  /// Where a cell's weights are: `{k}`, or `{k}.forward_layer` and `{k}.backward_layer` where the layer has
  /// both.
  private static func path(
    _ prefix: String, _ layer: Int, _ direction: Direction, in stack: RecurrentStackShape
  ) -> String {
    let isBidirectional = stack.layers[layer].forward != nil && stack.layers[layer].reverse != nil
    let wrapper = direction == .forward ? "forward_layer" : "backward_layer"
    return ParameterNames.joined(prefix, isBidirectional ? "\(layer).\(wrapper)" : "\(layer)")
  }
}

// MARK: - One cell

extension KerasNames {
  private static func take<Scalar>(
    from table: inout TensorTable<Scalar>, _ path: String, _ inputSize: Int, _ cell: RecurrentStackShape.Cell
  ) throws(ParameterNamesError) -> CellWeights<Scalar> {
    let theirs = GateConvention.keras.order(of: cell.kind)
    let ours = GateConvention.recurrent.order(of: cell.kind)
    let rows = cell.gateRows
    func matrix(_ name: String, _ inputs: Int) throws(ParameterNamesError) -> [Scalar] {
      let kernel = try table.take("\(path).\(name)", [inputs, rows])
      return theirs.reorderRows(
        of: transposed(kernel, rows: inputs, columns: rows), columns: inputs, to: ours
      ).value
    }
    var weights = CellWeights(
      input: try matrix("kernel", inputSize), hidden: try matrix("recurrent_kernel", cell.hiddenSize))
    guard cell.hasBias else { return weights }
    let name = "\(path).bias"
    if case .gru(let form) = cell.kind, let shape = table.shape(of: name) {
      let found: GRUForm? =
        shape == [rows] ? .resetBefore : shape == [2, rows] ? .resetAfter : nil
      if let found, found != form { throw .gruFormMismatch(tensor: name, found: found, expected: form) }
    }
    let hasTwoBiases = cell.kind == .gru(.resetAfter)
    let stored = try table.take(name, hasTwoBiases ? [2, rows] : [rows])
    let bias = theirs.reorderColumns(of: stored, rows: hasTwoBiases ? 2 : 1, to: ours).value
    weights.inputBias = Array(bias.prefix(rows))
    weights.hiddenBias = hasTwoBiases ? Array(bias.suffix(rows)) : nil
    return weights
  }

  private static func put<Scalar>(
    _ weights: CellWeights<Scalar>, _ path: String, _ inputSize: Int, _ cell: RecurrentStackShape.Cell
  ) -> [NamedTensor<Scalar>] {
    let ours = GateConvention.recurrent.order(of: cell.kind)
    let theirs = GateConvention.keras.order(of: cell.kind)
    let rows = cell.gateRows
    func matrix(_ name: String, _ values: [Scalar], _ inputs: Int) -> NamedTensor<Scalar> {
      let ordered = ours.reorderRows(of: values, columns: inputs, to: theirs).value
      return NamedTensor(
        name: "\(path).\(name)", shape: [inputs, rows],
        values: transposed(ordered, rows: rows, columns: inputs))
    }
    var result = [
      matrix("kernel", weights.input, inputSize),
      matrix("recurrent_kernel", weights.hidden, cell.hiddenSize),
    ]
    if let inputBias = weights.inputBias, let hiddenBias = weights.hiddenBias {
      let hasTwoBiases = cell.kind == .gru(.resetAfter)
      let bias = hasTwoBiases ? inputBias + hiddenBias : inputBias
      result.append(
        NamedTensor(
          name: "\(path).bias", shape: hasTwoBiases ? [2, rows] : [rows],
          values: ours.reorderColumns(of: bias, rows: hasTwoBiases ? 2 : 1, to: theirs).value))
    }
    return result
  }
}

/// `matrix` `[rows, columns]` as `[columns, rows]`, both row-major.
///
/// Specialised by hand, because callers in other modules come through unspecialised generic code, where each
/// element would cost half a microsecond.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func transposed<Scalar: BinaryFloatingPoint & Sendable>(
  _ matrix: [Scalar], rows: Int, columns: Int
) -> [Scalar] {
  var result: [Scalar] = []
  result.reserveCapacity(matrix.count)
  for column in 0..<columns {
    for row in 0..<rows { result.append(matrix[row * columns + column]) }
  }
  return result
}
