//! A network that begins as a hidden Markov model, at its likelihood, and learns what the model cannot hold.

import Recurrent

/// Sequences in which a symbol is the one three steps before, but for one in ten.
let sequences: [[Int]] = (0..<64).map { number in
  var draws = CounterGenerator(seed: 1, purpose: .sampling, step: UInt64(number))
  var symbols: [Int] = []
  for t in 0..<24 {
    let isFresh = t < 3 || Int.random(in: 0..<10, using: &draws) == 0
    symbols.append(isFresh ? Int.random(in: 0..<2, using: &draws) : symbols[t - 3])
  }
  return symbols
}

/// Every symbol but the last is read, and the one after it is told.
struct NextSymbols: BatchSource {
  var count: Int { sequences.count }

  func batch(_ indices: [Int]) -> SequenceModel<Double>.Batch {
    func step(_ t: Int) -> [Int] { indices.map { sequences[$0][t] } }
    let input = SymbolBatch(
      steps: 23, batchSize: indices.count, vocabulary: 2,
      symbols: (0..<23).flatMap { step($0).map(Int32.init) })
    return .init(symbols: input, targets: .classes((1...23).flatMap { step($0) }))
  }
}

// Two states, as good as EM makes them.
let start = try HiddenMarkovModel(
  initial: [0.6, 0.4], transition: Matrix([[0.8, 0.2], [0.3, 0.7]]),
  emission: CategoricalEmission(Matrix([[0.7, 0.3], [0.2, 0.8]])))
let observations = sequences.map { SymbolSequence($0) }
var learning = try BaumWelch(start, observations)
let hmm = try learning.run()
let given = try hmm.logLikelihoods(observations.map { SymbolSequence([$0[0]]) }).reduce(0, +)
print("hidden Markov model, −log P of a next symbol: \((given - learning.logLikelihood) / (64 * 23))")

// The model as layers, and beside it a simple RNN whose part of the logits begins at zero.
var layout = ParameterLayout()
let chain = MarkovChainParameters(states: 2, named: "hmm", in: &layout)
let emission = MarkovEmission<Double>(states: 2, symbols: 2, named: "hmm", in: &layout)
let body = Parallel<Double>(
  [
    Stack([
      emission, RecurrentLayer(MarkovForwardCell(chain: chain, form: .logarithms)),
      MarkovPrediction(chain: chain, emission: emission),
    ]),
    Stack([
      RecurrentLayer(SimpleRNNCell<Double>(inputSize: 2, hiddenSize: 8, named: "rnn", in: &layout)),
      Linear<Double>(inputSize: 8, outputSize: 2, initializer: .zeros, named: "residual", in: &layout),
    ]),
  ], merge: .sum)
var parameters = ParameterStore<Double>(initializing: layout, seed: 1)
chain.set(hmm.scores, in: &parameters)
emission.set(hmm.emission, in: &parameters)

let model = SequenceModel(body: body, positions: .all, loss: .softmaxCrossEntropy(), layout: layout)
var trainer = try Trainer(
  model: model, source: NextSymbols(), options: TrainerOptions(epochs: 60, learningRate: 0.02),
  parameters: parameters)
while let event = try trainer.next() {
  if case .epoch(let record) = event, record.epoch == 1 || record.epoch % 20 == 0 {
    print("network, epoch \(record.epoch): \(record.trainingLoss)")
  }
}
