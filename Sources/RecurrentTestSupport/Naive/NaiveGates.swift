#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
public import RecurrentCore

/// What the built-in cells do to their pre-activations, one sequence at a time, with the library's `exp` and `tanh`.
///
/// The one home of these equations outside the kernels: ``NaiveLSTM`` and ``NaiveGRU`` use them, and so do tests of the
/// kernels and of other libraries' weight layouts.
public enum NaiveGates {
  /// σ(x) = 1 / (1 + e⁻ˣ).
  public static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// f(x) of a simple RNN.
  public static func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .tanh: tanh(x)
    case .relu: x > 0 ? x : 0
    case .sigmoid: sigmoid(x)
    case .identity: x
    }
  }

  /// f′ by the value y = f(x): tanh′ = 1 − y², relu′ = [y > 0], sigmoid′ = y (1 − y), identity′ = 1.
  public static func derivative(_ activation: Activation, _ y: Double) -> Double {
    switch activation {
    case .tanh: 1 - y * y
    case .relu: y > 0 ? 1 : 0
    case .sigmoid: y * (1 - y)
    case .identity: 1
    }
  }

  /// An LSTM's step from its pre-activations a `[4H]`, gate order i f g o, and its memory c `[H]`:
  ///
  ///     i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)   c′ = f c + i g   h′ = o tanh c′
  public static func lstm(_ a: [Double], cell c: [Double])
    -> (gates: [Double], cell: [Double], hidden: [Double])
  {
    let size = c.count
    var (gates, cell, hidden) = (a, c, c)
    for j in 0..<size {
      let (i, f) = (sigmoid(a[j]), sigmoid(a[size + j]))
      let (g, o) = (tanh(a[2 * size + j]), sigmoid(a[3 * size + j]))
      (gates[j], gates[size + j], gates[2 * size + j], gates[3 * size + j]) = (i, f, g, o)
      cell[j] = f * c[j] + i * g
      hidden[j] = o * tanh(cell[j])
    }
    return (gates, cell, hidden)
  }

  /// N(z) = (z − μ) / √(σ² + 10⁻⁵) of one row, μ and σ² its mean and variance, and 1 / √(σ² + 10⁻⁵).
  public static func normalised(_ row: [Double]) -> (values: [Double], scale: Double) {
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    let scale = 1 / (variance + 1e-5).squareRoot()
    return (row.map { ($0 - mean) * scale }, scale)
  }

  /// As ``lstm(_:cell:)``, but for what is shown of the memory: h′ = o tanh(γ N(c′) + β), γ and β `[H]`.
  ///
  /// - Returns: also what is shown, tanh(γ N(c′) + β).
  public static func layerNormLSTM(
    _ a: [Double], cell c: [Double], gain: [Double], shift: [Double]
  ) -> (gates: [Double], cell: [Double], shown: [Double], hidden: [Double]) {
    let (gates, cell, _) = lstm(a, cell: c)
    let normal = normalised(cell).values
    let shown = c.indices.map { tanh(gain[$0] * normal[$0] + shift[$0]) }
    return (gates, cell, shown, c.indices.map { gates[3 * c.count + $0] * shown[$0] })
  }

  /// r ⊙ h with r = σ(a_r), the first `H` of a: what the candidate of a reset-before GRU reads.
  public static func resetHidden(_ a: [Double], hidden h: [Double]) -> [Double] {
    h.indices.map { sigmoid(a[$0]) * h[$0] }
  }

  /// A GRU's step from its pre-activations a `[3H]`, gate order r z n, and its state h `[H]`:
  ///
  ///     r = σ(a_r)   z = σ(a_z)   n = tanh(a_n)  or, reset after, tanh(a_n + r q)   h′ = z h + (1 − z) n
  ///
  /// - Parameter q: U_n h + c of the reset-after form; `nil`: the reset-before form, whose a_n holds U_n (r ⊙ h) already.
  public static func gru(_ a: [Double], q: [Double]?, hidden h: [Double]) -> (
    gates: [Double], hidden: [Double]
  ) {
    let size = h.count
    var (gates, hidden) = (a, h)
    for j in 0..<size {
      let (r, z) = (sigmoid(a[j]), sigmoid(a[size + j]))
      let n = tanh(a[2 * size + j] + (q.map { r * $0[j] } ?? 0))
      (gates[j], gates[size + j], gates[2 * size + j]) = (r, z, n)
      hidden[j] = z * h[j] + (1 - z) * n
    }
    return (gates, hidden)
  }
}
