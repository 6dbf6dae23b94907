#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
internal import RecurrentCore
internal import RecurrentNN

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// One step of each cell, and its adjoint.
extension ReferenceRecurrence {
  func step(_ x: [Double], _ before: State) -> Memory {
    switch kind {
    case .simple(let activation):
      // h′ = f(W x + U h + b)
      let h = (0..<size).map { value(activation, sum($0, x, before.h)) }
      return Memory(x: x, before: before, after: State(h: h, c: []), gates: h, q: [])
    case .gru(let form): return gruStep(x, before, form)
    case .lstm: return lstmStep(x, before)
    }
  }

  private func gruStep(_ x: [Double], _ before: State, _ form: GRUForm) -> Memory {
    var gates = [Double](repeating: 0, count: 3 * size)
    var q = [Double](repeating: 0, count: size)
    for j in 0..<size {
      gates[j] = sigmoid(sum(j, x, before.h))
      gates[size + j] = sigmoid(sum(size + j, x, before.h))
    }
    var h = before.h
    for j in 0..<size {
      let row = 2 * size + j
      switch form {
      case .resetBefore:
        // n = tanh(W x + U (r h) + b)
        let reset = (0..<size).map { gates[$0] * before.h[$0] }
        gates[row] = tanh(sum(row, x, reset))
      case .resetAfter:
        // n = tanh(W x + b + r q),  q = U h + c
        q[j] = c[j]
        for k in 0..<size { q[j] += u[row][k] * before.h[k] }
        gates[row] = tanh(sum(row, x) + gates[j] * q[j])
      }
      // h′ = z h + (1 − z) n
      h[j] = gates[size + j] * before.h[j] + (1 - gates[size + j]) * gates[row]
    }
    return Memory(x: x, before: before, after: State(h: h, c: []), gates: gates, q: q)
  }

  private func lstmStep(_ x: [Double], _ before: State) -> Memory {
    var gates = [Double](repeating: 0, count: 4 * size)
    var after = before
    for j in 0..<size {
      let i = sigmoid(sum(j, x, before.h))
      let f = sigmoid(sum(size + j, x, before.h))
      let g = tanh(sum(2 * size + j, x, before.h))
      let o = sigmoid(sum(3 * size + j, x, before.h))
      (gates[j], gates[size + j], gates[2 * size + j], gates[3 * size + j]) = (i, f, g, o)
      after.c[j] = f * before.c[j] + i * g
      after.h[j] = o * tanh(after.c[j])
    }
    return Memory(x: x, before: before, after: after, gates: gates, q: [])
  }

  /// `state`: in, ∂L/∂(state after the step), outputs' part included; out, ∂L/∂(state before it).
  func backpropagate(_ state: inout State, _ memory: Memory, _ gradients: inout Gradients) -> [Double] {
    var da = [Double](repeating: 0, count: w.count)
    let dh = state.h
    state.h = [Double](repeating: 0, count: size)
    switch kind {
    case .simple(let activation):
      for j in 0..<size { da[j] = dh[j] * derivative(activation, memory.after.h[j]) }
      recurrent(0..<size, da, memory, &state, &gradients)
    case .gru(let form): gruAdjoint(form, dh, &da, memory, &state, &gradients)
    case .lstm:
      lstmAdjoint(dh, &da, memory, &state)
      recurrent(0..<4 * size, da, memory, &state, &gradients)
    }
    var dx = [Double](repeating: 0, count: inputs)
    for row in 0..<w.count {
      gradients.b[row] += da[row]
      for k in 0..<inputs {
        gradients.w[row][k] += da[row] * memory.x[k]
        dx[k] += da[row] * w[row][k]
      }
    }
    return dx
  }

  private func gruAdjoint(
    _ form: GRUForm, _ dh: [Double], _ da: inout [Double], _ memory: Memory, _ state: inout State,
    _ gradients: inout Gradients
  ) {
    let h = memory.before.h
    for j in 0..<size {
      let z = memory.gates[size + j]
      let n = memory.gates[2 * size + j]
      da[size + j] = dh[j] * (h[j] - n) * z * (1 - z)
      da[2 * size + j] = dh[j] * (1 - z) * (1 - n * n)
      state.h[j] += dh[j] * z
    }
    var dr = [Double](repeating: 0, count: size)
    for j in 0..<size {
      let row = 2 * size + j
      let r = memory.gates[j]
      for k in 0..<size {
        switch form {
        case .resetBefore:
          // n reads r h.
          let rk = memory.gates[k]
          gradients.u[row][k] += da[row] * rk * h[k]
          dr[k] += da[row] * u[row][k] * h[k]
          state.h[k] += da[row] * u[row][k] * rk
        case .resetAfter:
          gradients.u[row][k] += da[row] * r * h[k]
          state.h[k] += da[row] * r * u[row][k]
        }
      }
      if form == .resetAfter {
        dr[j] = da[row] * memory.q[j]
        gradients.c[j] += da[row] * r
      }
    }
    for j in 0..<size { da[j] = dr[j] * memory.gates[j] * (1 - memory.gates[j]) }
    recurrent(0..<2 * size, da, memory, &state, &gradients)
  }

  private func lstmAdjoint(_ dh: [Double], _ da: inout [Double], _ memory: Memory, _ state: inout State) {
    for j in 0..<size {
      let (i, f) = (memory.gates[j], memory.gates[size + j])
      let (g, o) = (memory.gates[2 * size + j], memory.gates[3 * size + j])
      let squashed = tanh(memory.after.c[j])
      let dc = state.c[j] + dh[j] * o * (1 - squashed * squashed)
      da[j] = dc * g * i * (1 - i)
      da[size + j] = dc * memory.before.c[j] * f * (1 - f)
      da[2 * size + j] = dc * i * (1 - g * g)
      da[3 * size + j] = dh[j] * squashed * o * (1 - o)
      state.c[j] = dc * f
    }
  }

  /// Rows whose recurrent sum reads h itself: dU += da h, and da U to the state before.
  private func recurrent(
    _ rows: Range<Int>, _ da: [Double], _ memory: Memory, _ state: inout State, _ gradients: inout Gradients
  ) {
    for row in rows {
      for k in 0..<size {
        gradients.u[row][k] += da[row] * memory.before.h[k]
        state.h[k] += da[row] * u[row][k]
      }
    }
  }

  private func value(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .tanh: tanh(x)
    case .relu: x > 0 ? x : 0
    case .sigmoid: sigmoid(x)
    case .identity: x
    }
  }

  private func derivative(_ activation: Activation, _ y: Double) -> Double {
    switch activation {
    case .tanh: 1 - y * y
    case .relu: y > 0 ? 1 : 0
    case .sigmoid: y * (1 - y)
    case .identity: 1
    }
  }
}
