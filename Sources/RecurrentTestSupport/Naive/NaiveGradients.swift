/// Gradients of weights as plain loops: a chain for each shard, then a tree over the shards. Never made faster.
public enum NaiveGradients {
  /// A matrix inside a buffer: element `[r, j]` at `start + r * row + j`.
  public struct Rows<S: BinaryFloatingPoint> {
    /// The buffer.
    public var elements: [S]
    /// Where element `[0, 0]` stands.
    public var start: Int
    /// From a row to the next.
    public var row: Int

    /// Places `start + r * row + j` of `elements`.
    @inlinable
    public init(_ elements: [S], start: Int = 0, row: Int) {
      self.elements = elements
      self.start = start
      self.row = row
    }

    /// Element `[r, j]`.
    @inlinable
    public subscript(r: Int, j: Int) -> S { elements[start + r * row + j] }
  }

  /// dW `[n, k]`: for each shard s the chains over f in `bounds[s] ..< bounds[s + 1]` of `D[row, i] X[row, j]`, where row
  /// is `index[f]`, or f without an index; then the shards by ``naiveTreeSum(_:add:)``.
  ///
  /// - Parameters:
  ///   - x: `nil`: a column of ones, so that the sum is the gradient of a bias; k must be 1.
  ///   - start: where the first shard's chains start; `nil`: zeros, where those of the others do.
  /// - Returns: `nil` of no shards.
  @inlinable
  public static func product<S: BinaryFloatingPoint>(
    bounds: [Int], index: [Int32]?, _ n: Int, d: Rows<S>, _ k: Int, x: Rows<S>?, start: [S]?,
    fused: Bool = true
  ) -> [S]? {
    let zeros = [S](repeating: 0, count: n * k)
    let shards = bounds.indices.dropLast().map { s in
      var sums = s == 0 ? start ?? zeros : zeros
      for f in bounds[s]..<bounds[s + 1] {
        let row = index.map { Int($0[f]) } ?? f
        for i in 0..<n {
          for j in 0..<k {
            guard let x else {
              sums[i * k + j] += d[row, i]
              continue
            }
            sums[i * k + j] = NaiveKernels.add(d[row, i], times: x[row, j], to: sums[i * k + j], fused: fused)
          }
        }
      }
      return sums
    }
    return naiveTreeSum(shards) { sum, other in
      for place in sum.indices { sum[place] += other[place] }
    }
  }
}
