internal import RecurrentCore

extension PyTorchNames {
  /// The stack that a `state_dict` holds, read from its names and shapes alone.
  ///
  /// Layers are counted from `weight_hh_l0` upwards; `[G·H, H]` gives the hidden size and the cell (G of 1:
  /// RNN, 3: GRU in the form `.resetAfter`, 4: LSTM); a `bias_ih` gives the bias. Whether an RNN is tanh or
  /// ReLU is not in the file.
  ///
  /// - Throws: `missing` where there is no first layer, `unknownCell` where the shape fits no cell,
  ///   `projection`,
  ///   `duplicate`. Everything else is checked by `imported(_:stack:prefix:as:)`.
  public static func stackShape<Scalar>(
    of tensors: [NamedTensor<Scalar>], prefix: String = ""
  ) throws(ParameterNamesError) -> RecurrentStackShape {
    let table = try TensorTable(tensors, below: prefix, expecting: [])
    var layers: [RecurrentStackShape.Layer] = []
    while true {
      let forward = try cell(in: table, prefix, layers.count, .forward)
      let reverse = try cell(in: table, prefix, layers.count, .reverse)
      guard let inputSize = forward?.inputSize ?? reverse?.inputSize else { break }
      layers.append(.init(inputSize: inputSize, forward: forward?.cell, reverse: reverse?.cell))
    }
    guard !layers.isEmpty else { throw table.missing(name("weight_hh", prefix, 0, .forward), []) }
    return RecurrentStackShape(layers: layers)
  }

  private static func cell<Scalar>(
    in table: TensorTable<Scalar>, _ prefix: String, _ layer: Int, _ direction: Direction
  ) throws(ParameterNamesError) -> (inputSize: Int, cell: RecurrentStackShape.Cell)? {
    let hiddenName = name("weight_hh", prefix, layer, direction)
    let inputName = name("weight_ih", prefix, layer, direction)
    guard let hidden = table.shape(of: hiddenName) else { return nil }
    let projection = name("weight_hr", prefix, layer, direction)
    if table.shape(of: projection) != nil { throw .projection(tensor: projection) }
    let sizes = 1...Int(Int32.max)
    guard hidden.count == 2, sizes.contains(hidden[1]), hidden[0].isMultiple(of: hidden[1]),
      let kind = [1: RecurrentCellKind.rnn, 3: .gru(.resetAfter), 4: .lstm][hidden[0] / hidden[1]]
    else { throw .unknownCell(tensor: hiddenName, shape: hidden) }
    guard let input = table.shape(of: inputName) else { throw table.missing(inputName, [hidden[0]]) }
    guard input.count == 2, sizes.contains(input[1]) else {
      throw .unknownCell(tensor: inputName, shape: input)
    }
    let hasBias = table.shape(of: name("bias_ih", prefix, layer, direction)) != nil
    return (input[1], RecurrentStackShape.Cell(kind, hiddenSize: hidden[1], hasBias: hasBias))
  }
}
