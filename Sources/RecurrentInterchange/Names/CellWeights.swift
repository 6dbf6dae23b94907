internal import RecurrentCore

/// The weights of one cell between two libraries: gates in this package's order, and the bias split as the
/// libraries with two biases have it.
struct CellWeights<Scalar: BinaryFloatingPoint & Sendable> {
  /// `[G·H, in]` and `[G·H, H]`.
  var input: [Scalar]
  var hidden: [Scalar]
  /// `[G·H]`, or `nil` without bias.
  var inputBias: [Scalar]?
  /// `[G·H]`, or `nil` where the library has no second bias.
  var hiddenBias: [Scalar]?

  /// Whether this package's single bias keeps all there is: nothing is added to anything but zero.
  func mergesLosslessly(_ kind: RecurrentCellKind) -> Bool {
    guard let hiddenBias else { return true }
    // The candidate's block of a reset-after GRU is stored apart, never summed.
    let summed = kind == .gru(.resetAfter) ? hiddenBias.dropLast(hiddenBias.count / 3) : hiddenBias[...]
    return summed.allSatisfy { $0 == 0 }
  }

  /// As this package's parameters.
  func tensors(
    prefix: String, layer: Int, direction: Direction, inputSize: Int,
    cell: RecurrentStackShape.Cell
  ) -> [NamedTensor<Scalar>] {
    ParameterNames.Slot.allCases.compactMap { slot in
      guard let shape = ParameterNames.shape(slot, of: cell, inputSize: inputSize) else { return nil }
      let values =
        switch slot {
        case .weightInput: input
        case .weightHidden: hidden
        case .bias: mergedBias(cell)
        case .biasHidden: Array((hiddenBias ?? [])[(2 * cell.hiddenSize)...])
        }
      let name = ParameterNames.name(slot, prefix: prefix, layer: layer, direction: direction)
      return NamedTensor(name: name, shape: shape, values: values)
    }
  }

  private func mergedBias(_ cell: RecurrentStackShape.Cell) -> [Scalar] {
    var bias = inputBias ?? []
    guard let hiddenBias else { return bias }
    let summed = cell.kind == .gru(.resetAfter) ? 2 * cell.hiddenSize : cell.gateRows
    // Adding zero is skipped, so that a bias of −0 keeps its sign.
    for row in 0..<summed where hiddenBias[row] != 0 { bias[row] += hiddenBias[row] }
    return bias
  }

  /// Takes one cell's parameters, under this package's names, out of the table.
  static func take(
    from table: inout TensorTable<Scalar>, prefix: String, layer: Int,
    direction: Direction,
    inputSize: Int, cell: RecurrentStackShape.Cell
  ) throws(ParameterNamesError) -> CellWeights {
    func name(_ slot: ParameterNames.Slot) -> String {
      ParameterNames.name(slot, prefix: prefix, layer: layer, direction: direction)
    }
    let input = try table.take(name(.weightInput), [cell.gateRows, inputSize])
    let hidden = try table.take(name(.weightHidden), [cell.gateRows, cell.hiddenSize])
    guard cell.hasBias else { return CellWeights(input: input, hidden: hidden) }
    let bias = try table.take(name(.bias), [1, cell.gateRows])
    var hiddenBias = [Scalar](repeating: 0, count: cell.gateRows)
    if case .gru(let form) = cell.kind {
      let found: GRUForm =
        table.shape(of: name(.biasHidden)) == nil ? .resetBefore : .resetAfter
      guard found == form else {
        throw .gruFormMismatch(tensor: name(.biasHidden), found: found, expected: form)
      }
      if form == .resetAfter {
        hiddenBias.replaceSubrange(
          (2 * cell.hiddenSize)..., with: try table.take(name(.biasHidden), [1, cell.hiddenSize]))
      }
    }
    return CellWeights(input: input, hidden: hidden, inputBias: bias, hiddenBias: hiddenBias)
  }
}
