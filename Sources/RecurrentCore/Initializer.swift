/// How one parameter slot gets its first values. `fanIn` is the slot's columns, `fanOut` its rows.
public indirect enum Initializer: Sendable, Hashable, Codable {
  /// Every value 0.
  case zeros
  /// Every value the same.
  case constant(Double)
  /// Uniform on ±bound.
  case uniform(bound: Double)
  /// Uniform on ±√(6 / (fanIn + fanOut)). Glorot and Bengio, AISTATS 2010.
  case glorotUniform
  /// Rows orthonormal (or columns, where there are more rows): a normal matrix made orthogonal by Gram and Schmidt.
  /// Saxe, McClelland, Ganguli, arXiv:1312.6120.
  case orthogonal
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// The slot cut into equal parts, one for each gate, each with its own initializer: rows of a matrix, columns of a
  /// vector. So an LSTM's forget bias is `.gates([.zeros, .constant(1), .zeros, .zeros])`.
  case gates([Initializer])

  /// rows × columns values, row by row.
  public func values(rows: Int, columns: Int, generator: CounterGenerator) -> [Double] {
    values(rows: rows, columns: columns, generator: generator, first: 0)
  }

  /// Draws are taken from the stream at `first` on, so that the parts of `.gates` are independent.
  private func values(rows: Int, columns: Int, generator: CounterGenerator, first: UInt64) -> [Double] {
    let count = rows * columns
    func uniform(_ bound: Double) -> [Double] {
      (0..<count).map { (2 * generator.uniform(at: first + UInt64($0)) - 1) * bound }
    }
    switch self {
    case .zeros: return [Double](repeating: 0, count: count)
    case .constant(let value): return [Double](repeating: value, count: count)
    case .uniform(let bound): return uniform(bound)
    case .glorotUniform: return uniform((6 / Double(rows + columns)).squareRoot())
    case .normal(let deviation):
      return (0..<count).map { deviation * generator.normal(at: first + UInt64($0)) }
    case .orthogonal:
      let draws = (0..<count).map { generator.normal(at: first + UInt64($0)) }
      return Self.orthogonalized(draws, rows: rows, columns: columns)
    case .gates(let parts):
      let size = rows == 1 ? columns : rows
      precondition(
        !parts.isEmpty && size % parts.count == 0, "\(size) values cannot be cut into \(parts.count) gates")
      return parts.enumerated().flatMap { index, part in
        part.values(
          rows: rows == 1 ? 1 : rows / parts.count, columns: rows == 1 ? columns / parts.count : columns,
          generator: generator, first: first + UInt64(index * count / parts.count))
      }
    }
  }

  /// Modified Gram–Schmidt, twice for full accuracy, over rows or columns, whichever are fewer.
  private static func orthogonalized(_ draws: [Double], rows: Int, columns: Int) -> [Double] {
    let byRows = rows <= columns
    let (count, length) = byRows ? (rows, columns) : (columns, rows)
    func place(_ vector: Int, _ k: Int) -> Int { byRows ? vector * columns + k : k * columns + vector }
    var q = draws
    for vector in 0..<count {
      for _ in 0..<2 {
        for earlier in 0..<vector {
          var dot = 0.0
          for k in 0..<length { dot += q[place(vector, k)] * q[place(earlier, k)] }
          for k in 0..<length { q[place(vector, k)] -= dot * q[place(earlier, k)] }
        }
      }
      var square = 0.0
      for k in 0..<length { square += q[place(vector, k)] * q[place(vector, k)] }
      let norm = square.squareRoot()
      for k in 0..<length { q[place(vector, k)] /= norm }
    }
    return q
  }
}
