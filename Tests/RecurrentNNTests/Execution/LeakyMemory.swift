import RecurrentCore
import RecurrentNN

/// mₜ = a ⊙ mₜ₋₁ + w ⊙ xₜ, output mₜ: a layer that somebody else might write, of nothing but the public protocol.
struct LeakyMemory<Scalar: TensorScalar>: SequenceLayer {
  let size: Int
  let decay, gain: ParameterSlot

  init(size: Int, named name: String, in layout: inout ParameterLayout) {
    self.size = size
    decay = layout.addVector("\(name).decay", columns: size, initializer: .uniform(bound: 0.9))
    gain = layout.addVector("\(name).gain", columns: size, initializer: .uniform(bound: 1))
  }

  var inputSize: Int { size }
  var outputSize: Int { size }

  func zeroState(batchSize: Int) -> LayerState<Scalar> {
    .cell(names: ["memory"], components: [Matrix(zeros: batchSize, size)])
  }

  func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let (a, w) = (parameters.values[decay.range], parameters.values[gain.range])
    guard let initial = initialState.component("memory") else { preconditionFailure("no memory") }
    var final = initial
    var output = SequenceBatch<Scalar>(
      zeros: input.steps, input.batchSize, size, lengths: input.lengths, identifiers: input.identifiers)
    for b in 0..<input.batchSize {
      for t in 0..<input.lengths[b] {
        for (f, (a, w)) in zip(a, w).enumerated() {
          final[b, f] = a * final[b, f] + w * input[t, b, f]
          output[t, b, f] = final[b, f]
        }
      }
    }
    let made = output
    return LayerRun(output: output, finalState: .cell(names: ["memory"], components: [final])) {
      [decay, gain] outputGradient, finalStateGradient, gradients in
      guard var memory = finalStateGradient.component("memory") else { preconditionFailure("no memory") }
      var inputGradient = SequenceBatch<Scalar>(
        zeros: input.steps, input.batchSize, input.features, lengths: input.lengths,
        identifiers: input.identifiers)
      for t in stride(from: input.steps - 1, through: 0, by: -1) {
        for b in 0..<input.batchSize where input.lengths[b] > t {
          for (f, (a, w)) in zip(a, w).enumerated() {
            let dm = memory[b, f] + outputGradient[t, b, f]
            gradients.values[decay.offset + f] += dm * (t > 0 ? made[t - 1, b, f] : initial[b, f])
            gradients.values[gain.offset + f] += dm * input[t, b, f]
            inputGradient[t, b, f] = dm * w
            memory[b, f] = dm * a
          }
        }
      }
      let input = inputGradient
      return LayerGradient(
        input: input, initialState: .cell(names: ["memory"], components: [memory]))
    }
  }
}
