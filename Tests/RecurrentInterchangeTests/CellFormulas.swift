import RecurrentCore
import RecurrentInterchange
import RecurrentTestSupport

/// One time step of a cell in nested loops, over weights laid out as one of three libraries documents them.
///
/// Nothing here knows the code under test but its names: each convention states its own gate letters and
/// indexing; the cells' equations are those of ``NaiveGates``.
struct CellFormula {
  /// The part of a gate's pre-activation that comes from the input, and from the previous output, each with
  /// its bias.
  typealias Part = (_ gate: Character, _ unit: Int, _ vector: [Double]) -> Double
  let fromInput: Part
  let fromHidden: Part
  let hiddenSize: Int

  private typealias Tensors = [String: NamedTensor<Double>]

  private static func table(_ tensors: [NamedTensor<Double>]) -> Tensors {
    Tensors(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
  }

  private static func index(_ gate: Character, _ gates: String) -> Int {
    gates.distance(from: gates.startIndex, to: gates.firstIndex(of: gate)!)
  }

  /// `rnn.0.forward` and alike: rows i f g o, r z n; `bias` on the input's side, `biasHidden` for n alone.
  static func ours(_ tensors: [NamedTensor<Double>], _ path: String, _ size: Int) -> CellFormula {
    let table = table(tensors)
    let input = table["\(path).weightInput"]!
    let hidden = table["\(path).weightHidden"]!
    let gates = [size: "h", 3 * size: "rzn", 4 * size: "ifgo"][input.shape[0]]!
    return CellFormula(
      fromInput: { gate, unit, x in
        let row = index(gate, gates) * size + unit
        var sum = table["\(path).bias"]?.values[row] ?? 0
        for k in x.indices { sum += input.values[row * x.count + k] * x[k] }
        return sum
      },
      fromHidden: { gate, unit, h in
        let row = index(gate, gates) * size + unit
        var sum = gate == "n" ? table["\(path).biasHidden"]?.values[unit] ?? 0 : 0
        for k in h.indices { sum += hidden.values[row * h.count + k] * h[k] }
        return sum
      }, hiddenSize: size)
  }

  /// PyTorch's documentation of nn.LSTM and nn.GRU: `W_i* x + b_i*` and `W_h* h + b_h*`.
  static func pyTorch(_ tensors: [NamedTensor<Double>], _ suffix: String, _ size: Int) -> CellFormula {
    let table = table(tensors)
    func part(_ side: String) -> Part {
      let weight = table["weight_\(side)_\(suffix)"]!
      let gates = [size: "h", 3 * size: "rzn", 4 * size: "ifgo"][weight.shape[0]]!
      return { gate, unit, vector in
        let row = index(gate, gates) * size + unit
        var sum = table["bias_\(side)_\(suffix)"]?.values[row] ?? 0
        for k in vector.indices { sum += weight.values[row * vector.count + k] * vector[k] }
        return sum
      }
    }
    return CellFormula(fromInput: part("ih"), fromHidden: part("hh"), hiddenSize: size)
  }

  /// Keras' layers: `x @ kernel + bias` and `h @ recurrent_kernel`, columns i f c o and z r h.
  static func keras(_ tensors: [NamedTensor<Double>], _ path: String, _ size: Int) -> CellFormula {
    let table = table(tensors)
    let bias = table["\(path).bias"]
    func part(_ kernel: NamedTensor<Double>, _ biasRow: Int) -> Part {
      let columns = kernel.shape[1]
      let gates = [size: "h", 3 * size: "zrh", 4 * size: "ifco"][columns]!
      let theirs: [Character: Character] = ["g": "c", "n": "h"]
      return { gate, unit, vector in
        let column = index(theirs[gate] ?? gate, gates) * size + unit
        let hasRow = bias.map { $0.values.count > biasRow * columns } ?? false
        var sum = hasRow ? bias!.values[biasRow * columns + column] : 0
        for k in vector.indices { sum += vector[k] * kernel.values[k * columns + column] }
        return sum
      }
    }
    return CellFormula(
      fromInput: part(table["\(path).kernel"]!, 0),
      fromHidden: part(table["\(path).recurrent_kernel"]!, 1), hiddenSize: size)
  }

  /// The new output, followed by the new cell state of an LSTM.
  func step(_ kind: RecurrentCellKind, x: [Double], h: [Double], c: [Double]) -> [Double] {
    let units = 0..<hiddenSize
    func sums(_ gates: String) -> [Double] {
      gates.flatMap { gate in units.map { fromInput(gate, $0, x) + fromHidden(gate, $0, h) } }
    }
    switch kind {
    case .rnn: return sums("h").map { NaiveGates.value(.tanh, $0) }
    case .lstm:
      let made = NaiveGates.lstm(sums("ifgo"), cell: c)
      return made.hidden + made.cell
    case .gru(let form):
      let a = sums("rz")
      let candidate = units.map { fromInput("n", $0, x) }
      if form == .resetAfter {
        return NaiveGates.gru(a + candidate, q: units.map { fromHidden("n", $0, h) }, hidden: h).hidden
      }
      let reset = NaiveGates.resetHidden(a, hidden: h)
      let whole = units.map { candidate[$0] + fromHidden("n", $0, reset) }
      return NaiveGates.gru(a + whole, q: nil, hidden: h).hidden
    }
  }
}
