internal import RecurrentCore

/// Tensors by name, each to be taken once with the shape it must have; what remains at the end is an error.
struct TensorTable<Scalar: BinaryFloatingPoint & Sendable> {
  private var remaining: [String: NamedTensor<Scalar>] = [:]
  private var order: [String] = []
  private let expected: [String]

  /// Keeps the tensors below `prefix` (all of them where it is empty); others belong to other parts of a
  /// model. `expected` are the names that will be asked for; they only serve to find the nearest name for a
  /// message.
  init(
    _ tensors: [NamedTensor<Scalar>], below prefix: String, expecting expected: [String]
  ) throws(ParameterNamesError) {
    self.expected = expected
    for tensor in tensors where prefix.isEmpty || tensor.name.hasPrefix(prefix + ".") {
      guard remaining.updateValue(tensor, forKey: tensor.name) == nil else {
        throw .duplicate(tensor: tensor.name)
      }
      order.append(tensor.name)
    }
  }

  /// The shape of a tensor that has not been taken, or `nil`.
  func shape(of name: String) -> [Int]? { remaining[name]?.shape }

  mutating func take(_ name: String, _ shape: [Int]) throws(ParameterNamesError) -> [Scalar] {
    guard let tensor = remaining[name] else { throw missing(name, shape) }
    guard tensor.shape == shape else {
      throw .misshaped(tensor: name, found: tensor.shape, expected: shape)
    }
    remaining[name] = nil
    return tensor.values
  }

  func missing(_ name: String, _ shape: [Int]) -> ParameterNamesError {
    // A tensor that is itself expected is not a misspelling of another.
    let known = Set(expected)
    let candidates = order.filter { !known.contains($0) }
    return .missing(tensor: name, expectedShape: shape, nearest: nearestName(to: name, among: candidates))
  }

  /// To be called when everything expected has been taken.
  func finish() throws(ParameterNamesError) {
    guard let name = order.first(where: { remaining[$0] != nil }), let tensor = remaining[name] else {
      return
    }
    throw .unexpected(tensor: name, shape: tensor.shape, nearest: nearestName(to: name, among: expected))
  }
}
