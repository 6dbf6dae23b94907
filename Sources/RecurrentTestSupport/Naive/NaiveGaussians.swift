/// Log-densities and counts of normal distributions as plain loops: the oracle that the kernels must equal to the bit.
public enum NaiveGaussians {
  /// constant(k) − ½ Σ_d (x_d − μ(k, d))² p(k, d), `[steps, K]`, in the order of d.
  ///
  /// - Parameters:
  ///   - x: `[steps, D]`.
  ///   - means: μ `[K, D]`.
  ///   - precisions: p `[K, D]`.
  ///   - constants: `[K]`.
  public static func scores<S: BinaryFloatingPoint>(
    _ x: [[S]], means: [[S]], precisions: [[S]], constants: [S], fused: Bool = true
  ) -> [[S]] {
    x.map { x in
      constants.indices.map { k in
        var sum: S = 0
        for d in x.indices {
          let difference = x[d] - means[k][d]
          sum = NaiveKernels.add(difference * difference, times: precisions[k][d], to: sum, fused: fused)
        }
        return constants[k] - sum / 2
      }
    }
  }

  /// What is counted of K distributions of D numbers.
  public struct Counts<S: BinaryFloatingPoint> {
    /// Σ γ, `[K]`.
    public var weights: [S]
    /// Σ γ (x − c), `[K, D]`.
    public var sums: [S]
    /// Σ γ (x − c)² `[K, D]`, or Σ γ (x − c)(x − c)ᵀ `[K, D, D]`.
    public var squares: [S]

    /// - Parameters:
    ///   - weights: counted before, as are the others.
    public init(weights: [S], sums: [S], squares: [S]) {
      self.weights = weights
      self.sums = sums
      self.squares = squares
    }

    /// Adds steps x `[steps, D]` with weights γ `[steps, K]`, one after another.
    public mutating func add(_ x: [[S]], gamma: [[S]], centres: [[S]], products: Bool, fused: Bool = true) {
      for (x, gamma) in zip(x, gamma) {
        for (k, weight) in gamma.enumerated() {
          weights[k] += weight
          for d in x.indices {
            let weighted = weight * (x[d] - centres[k][d])
            let place = k * x.count + d
            sums[place] += weighted
            for e in products ? x.indices : d..<d + 1 {
              let square = products ? place * x.count + e : place
              squares[square] = NaiveKernels.add(
                weighted, times: x[e] - centres[k][e], to: squares[square], fused: fused)
            }
          }
        }
      }
    }
  }
}
