import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Equalities that can be seen by hand: limits of gates, first steps, mirrored time. To the bit unless said.
@Suite("Equalities by hand")
struct HandEqualitiesTests {
  private func layer(
    _ kind: CellConfiguration.Kind, _ direction: Direction = .forward, size: Int = 5
  ) throws -> (layer: any SequenceLayer<Double>, store: ParameterStore<Double>) {
    var layout = ParameterLayout()
    let made: any SequenceLayer<Double> = try LayerConfiguration.recurrent(
      CellConfiguration(kind, size: size), direction: direction
    ).makeLayer(inputSize: 3, named: "layer", in: &layout)
    return (made, ParameterStore(initializing: layout, seed: 21))
  }

  private func input(_ lengths: [Int] = [4, 0, 6, 1]) -> SequenceBatch<Double> {
    var draws = Draws(seed: 22)
    return draws.batch(lengths: lengths, features: 3)
  }

  private let kinds: [CellConfiguration.Kind] =
    Activation.allCases.map { .simple($0) } + [.gru(.resetBefore), .gru(.resetAfter), .lstm]

  /// At the first step there is no recurrent term: as from a state of zeros.
  @Test func theFirstStepHasNoRecurrentTerm() throws {
    let (layer, store) = try layer(.simple(.tanh))
    let parameters = PackedParameters(store)
    let x = input([1, 1])
    let weight = try #require(store.layout["layer.forward.weightInput"])
    let alone = parameters.apply(weight, to: x.step(0), bias: store.layout["layer.forward.bias"])
    let run = layer.forward(x, parameters: parameters)
    #expect(run.output.step(0) == alone.applying(.tanh))
  }

  /// A reverse layer is the forward one on each sequence turned round, turned back.
  @Test func reverseIsForwardOnTheMirroredSequence() throws {
    for kind in kinds {
      let (forward, store) = try layer(kind)
      let (reverse, _) = try layer(kind, .reverse)
      let x = input()
      var draws = Draws(seed: 23)
      let initial = draws.state(like: forward.zeroState(batchSize: 4))
      var turned = x
      for b in 0..<4 {
        for t in 0..<x.lengths[b] { for f in 0..<3 { turned[t, b, f] = x[x.lengths[b] - 1 - t, b, f] } }
      }
      let parameters = PackedParameters(store)
      let ahead = forward.forward(turned, from: initial, parameters: parameters)
      let behind = reverse.forward(x, from: initial, parameters: parameters)
      #expect(ahead.finalState == behind.finalState)
      for b in 0..<4 {
        for t in 0..<x.lengths[b] {
          for j in 0..<5 {
            #expect(behind.output[t, b, j] == ahead.output[x.lengths[b] - 1 - t, b, j])
          }
        }
      }
    }
  }

  /// s1 V1 + s2 V2 is [s1 | s2] [V1; V2]; the sums are grouped otherwise, so two roundings apart of some five terms.
  @Test func twoOutputMatricesAreOneOfTheConcatenation() {
    var draws = Draws(seed: 24)
    let (s1, s2): (Matrix<Double>, Matrix<Double>) = (draws.matrix(3, 5), draws.matrix(3, 2))
    let (v1, v2): (Matrix<Double>, Matrix<Double>) = (draws.matrix(4, 5), draws.matrix(4, 2))
    var layout = ParameterLayout()
    let first = layout.addWeight("v1", rows: 4, columns: 5, initializer: .zeros)
    let second = layout.addWeight("v2", rows: 4, columns: 2, initializer: .zeros)
    let both = layout.addWeight("v", rows: 4, columns: 7, initializer: .zeros)
    var store = ParameterStore<Double>(zeros: layout)
    store[first] = v1
    store[second] = v2
    store[both] = v1.joiningColumns(v2)
    let parameters = PackedParameters(store)
    let apart = parameters.apply(first, to: s1) + parameters.apply(second, to: s2)
    let together = parameters.apply(both, to: s1.joiningColumns(s2))
    #expect(scaledError(apart.elements, together.elements) <= 1e-15)
  }

  /// With one step and a state of zeros the recurrent weight has no part in the output.
  @Test func theRecurrentGradientOfTheFirstStepIsZero() throws {
    for kind in kinds {
      for direction in Direction.allCases {
        let (layer, store) = try layer(kind, direction)
        let run = layer.forward(input([1, 1, 1]), parameters: PackedParameters(store))
        var gradients = ParameterStore<Double>(zeros: store.layout)
        var draws = Draws(seed: 25)
        _ = run.pullback(
          draws.batch(lengths: [1, 1, 1], features: 5), draws.state(like: run.finalState), &gradients)
        let hidden = try #require(store.layout["layer.\(direction).weightHidden"])
        let inputs = try #require(store.layout["layer.\(direction).weightInput"])
        #expect(gradients[hidden].elements.allSatisfy { $0 == 0 })
        #expect(gradients[inputs].elements.contains { $0 != 0 })
      }
    }
  }

  /// Without recurrent weights an RNN is a layer without memory.
  @Test func noRecurrentWeightNoMemory() throws {
    var (layer, store) = try layer(.simple(.tanh))
    let hidden = try #require(store.layout["layer.forward.weightHidden"])
    store[hidden] = Matrix(zeros: 5, 5)
    let parameters = PackedParameters(store)
    let weight = try #require(store.layout["layer.forward.weightInput"])
    let x = input([4, 4])
    let run = layer.forward(x, parameters: parameters)
    for t in 0..<4 {
      let alone = parameters.apply(weight, to: x.step(t), bias: store.layout["layer.forward.bias"])
      #expect(run.output.step(t) == alone.applying(.tanh))
    }
  }

  /// Only the last step's output has a loss: the head's gradient is that step's alone.
  @Test func earlierStepsHaveNoPartInTheHeadsGradient() throws {
    let (body, bodyStore) = try layer(.simple(.tanh))
    var layout = bodyStore.layout
    let head = Linear<Double>(inputSize: 5, outputSize: 1, bias: false, named: "head", in: &layout)
    let model = SequenceModel(
      body: body, positions: .last, head: head, loss: .halfSquaredError, layout: layout)
    let parameters = PackedParameters(ParameterStore<Double>(initializing: layout, seed: 26))
    let x = input([6])
    var gradients = ParameterStore<Double>(zeros: layout)
    _ = model.accumulateGradients(
      on: .init(input: x, targets: .values(Matrix(zeros: 1, 1))), parameters: parameters, mode: .inference,
      into: &gradients)
    let last = body.forward(x, parameters: parameters).output.step(5)
    let z = parameters.apply(head.weight, to: last)[0, 0]
    #expect(gradients[head.weight].elements == last.elements.map { z * $0 })
  }
}
