/// A tensor on its way between libraries: a name, a shape and the numbers in C order.
public struct NamedTensor<Scalar: BinaryFloatingPoint & Sendable>: Hashable, Sendable {
  /// What its library calls it.
  public let name: String
  /// Extents, slowest first; `[]` is a single number.
  public let shape: [Int]
  /// In C order (the last extent runs fastest), as many as the product of the shape.
  public let values: [Scalar]

  /// - Precondition: `values` has as many elements as `shape`, whose extents are 0 or more.
  public init(name: String, shape: [Int], values: [Scalar]) {
    var count = 1
    for extent in shape {
      let (product, overflowed) = count.multipliedReportingOverflow(by: extent)
      precondition(extent >= 0 && !overflowed, "NamedTensor: '\(name)' cannot have the shape \(shape)")
      count = product
    }
    precondition(
      count == values.count,
      "NamedTensor: '\(name)' has \(values.count) values, the shape \(shape) needs \(count)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

extension SafeTensors {
  /// Every tensor as `Float`; exact, or an error as from `floats(named:)`.
  public func floatTensors() throws(SafeTensorsError) -> [NamedTensor<Float>] {
    var tensors: [NamedTensor<Float>] = []
    for entry in entries {
      tensors.append(
        NamedTensor(name: entry.name, shape: entry.shape, values: try floats(named: entry.name)))
    }
    return tensors
  }

  /// Every tensor as `Double`; exact, or an error as from `doubles(named:)`.
  public func doubleTensors() throws(SafeTensorsError) -> [NamedTensor<Double>] {
    var tensors: [NamedTensor<Double>] = []
    for entry in entries {
      tensors.append(
        NamedTensor(name: entry.name, shape: entry.shape, values: try doubles(named: entry.name)))
    }
    return tensors
  }

  /// Adds F32 tensors. - Precondition: their names are new.
  public mutating func add(_ tensors: [NamedTensor<Float>]) {
    for tensor in tensors { add(tensor.name, shape: tensor.shape, tensor.values) }
  }

  /// Adds F64 tensors. - Precondition: their names are new.
  public mutating func add(_ tensors: [NamedTensor<Double>]) {
    for tensor in tensors { add(tensor.name, shape: tensor.shape, tensor.values) }
  }
}
