public import RecurrentCore

/// The parameters of one of the built-in cells, or their gradients, as rows of numbers.
public struct NaiveWeights: Sendable, Hashable {
  /// W[row][k] `[G·H][F]`, rows by gate: r z n, or i f g o.
  public var w: [[Double]]
  /// U[row][k] `[G·H][H]`, rows by gate.
  public var u: [[Double]]
  /// b `[G·H]`.
  public var b: [Double]
  /// c `[H]` of the reset-after GRU's candidate.
  public var c: [Double]
  /// γₓ and γₕ `[4H]` of an LSTM with layer normalisation; otherwise empty.
  public var gainInput, gainHidden: [Double]
  /// γ_c `[H]` of an LSTM with layer normalisation; otherwise empty.
  public var gainCell: [Double]
  /// β_c `[H]` of an LSTM with layer normalisation.
  public var biasCell: [Double]

  /// The slots `prefix.weightInput`, `.weightHidden`, `.bias` and the others of these names in `store`; a bias that is not there
  /// is zero. Precondition: the weights are there.
  public init(named prefix: String, in store: ParameterStore<Double>) {
    func rows(_ name: String) -> [[Double]] {
      guard let slot = store.layout["\(prefix).\(name)"] else { return [] }
      let matrix = store[slot]
      return (0..<matrix.rows).map(matrix.row)
    }
    w = rows("weightInput")
    u = rows("weightHidden")
    precondition(!w.isEmpty && !u.isEmpty, "'\(prefix)': no weights of that name in the store")
    b = rows("bias").first ?? [Double](repeating: 0, count: w.count)
    let zeros = [Double](repeating: 0, count: u[0].count)
    c = rows("biasHidden").first ?? zeros
    (gainInput, gainHidden) = (rows("gainInput").first ?? [], rows("gainHidden").first ?? [])
    (gainCell, biasCell) = (rows("gainCell").first ?? [], rows("biasCell").first ?? zeros)
  }

  /// The same form, all zero.
  public var zeroed: NaiveWeights {
    var result = self
    result.w = w.map { $0.map { _ in 0 } }
    result.u = u.map { $0.map { _ in 0 } }
    result.b = b.map { _ in 0 }
    result.c = c.map { _ in 0 }
    (result.gainInput, result.gainHidden) = (gainInput.map { _ in 0 }, gainHidden.map { _ in 0 })
    (result.gainCell, result.biasCell) = (gainCell.map { _ in 0 }, biasCell.map { _ in 0 })
    return result
  }

  /// Σₖ W[row][k] x[k] + b[row].
  func input(_ row: Int, _ x: [Double]) -> Double {
    var sum = b[row]
    for k in x.indices { sum += w[row][k] * x[k] }
    return sum
  }

  /// `start` + Σₖ U[row][k] h[k].
  func hidden(_ row: Int, _ h: [Double], from start: Double) -> Double {
    var sum = start
    for k in h.indices { sum += u[row][k] * h[k] }
    return sum
  }
}

/// The adjoints of the sums; `self` holds the gradients.
extension NaiveWeights {
  /// dU += da h for `rows`; adds da U to `dh`.
  mutating func addHidden(
    _ rows: Range<Int>, _ da: [Double], _ h: [Double], weights: NaiveWeights, to dh: inout [Double]
  ) {
    for row in rows {
      for k in h.indices {
        u[row][k] += da[row] * h[k]
        dh[k] += da[row] * weights.u[row][k]
      }
    }
  }

  /// dW += da x and db += da for all rows. Returns da W.
  mutating func addInput(_ da: [Double], _ x: [Double], weights: NaiveWeights) -> [Double] {
    var dx = [Double](repeating: 0, count: x.count)
    for row in da.indices {
      b[row] += da[row]
      for k in x.indices {
        w[row][k] += da[row] * x[k]
        dx[k] += da[row] * weights.w[row][k]
      }
    }
    return dx
  }
}
