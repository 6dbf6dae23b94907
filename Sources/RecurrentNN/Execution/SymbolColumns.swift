internal import RecurrentCore

/// x Wᵀ + b for one-hot x, to the bit (of finite weights, and but for the sign of a zero): for every row the column of W `[n, V]` that its symbol names, and the bias.
///
/// A column's elements stand V apart. Where there are more rows than symbols, each worker writes the columns once as rows
/// of a table and copies from there.
final class SymbolColumns<Scalar: TensorScalar> {
  private let weight: ParameterSlot
  private let bias: ParameterSlot?
  private let tables = Scratch<Scalar>()
  private var usesTable = false

  init(of weight: ParameterSlot, bias: ParameterSlot?) {
    self.weight = weight
    self.bias = bias
  }

  func connect(_ plan: SequencePlan) {
    let workers = plan.idlePool?.threads ?? plan.threads
    usesTable = plan.rowCount / workers >= weight.columns
    if usesTable { tables.reserve(workers * weight.count) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func gather(
    _ symbols: UnsafePointer<Int32>, _ parameters: PackedParameters<Scalar>.Pointers,
    _ rows: SequencePlan.Rows, to result: UnsafeMutablePointer<Scalar>, worker: Int
  ) {
    let (width, vocabulary) = (weight.rows, weight.columns)
    let values = parameters.vector(weight)
    let start = bias.map(parameters.vector)
    func write(_ symbol: Int, to target: UnsafeMutablePointer<Scalar>) {
      for i in 0..<width {
        let value = values[i * vocabulary + symbol]
        target[i] = start.map { $0[i] + value } ?? value
      }
    }
    let table = usesTable ? tables.base + worker * weight.count : nil
    if let table {
      for symbol in 0..<vocabulary { write(symbol, to: table + symbol * width) }
    }
    for place in 0..<rows.count {
      let row = rows.index.map { Int($0[place]) } ?? rows.first + place
      let symbol = Int(symbols[row])
      if let table {
        (result + row * width).update(from: table + symbol * width, count: width)
      } else {
        write(symbol, to: result + row * width)
      }
    }
  }
}
