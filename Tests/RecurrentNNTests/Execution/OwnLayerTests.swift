import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Cells and layers that know only values train among those of this package, with the same bits on any threads.
@Suite("Layers of one's own")
struct OwnLayerTests {
  enum Place: CaseIterable {
    case cellAlone, cellReverse, cellInStack, cellInOneDirection, layerInStack, layerFirst, layerInParallel
    case layerInHead, everywhere
  }

  private func model<Scalar: TensorScalar>(_ place: Place, _: Scalar.Type) -> SequenceModel<Scalar> {
    var layout = ParameterLayout()
    func lstm(_ input: Int, _ name: String) -> any SequenceLayer<Scalar> {
      RecurrentLayer(LSTMCell<Scalar>(inputSize: input, hiddenSize: 4, named: name, in: &layout))
    }
    func own(_ input: Int, _ name: String) -> MinimalGatedCell<Scalar> {
      MinimalGatedCell(inputSize: input, hiddenSize: 4, named: name, in: &layout)
    }
    func memory(_ size: Int, _ name: String) -> any SequenceLayer<Scalar> {
      LeakyMemory<Scalar>(size: size, named: name, in: &layout)
    }
    func linear(_ input: Int, _ name: String) -> any SequenceLayer<Scalar> {
      Linear<Scalar>(inputSize: input, outputSize: 2, named: name, in: &layout)
    }
    let body: any SequenceLayer<Scalar>
    var head: (any SequenceLayer<Scalar>)?
    switch place {
    case .cellAlone: body = RecurrentLayer(own(3, "own"))
    case .cellReverse: body = RecurrentLayer(own(3, "own"), direction: .reverse)
    case .cellInStack: body = Stack([lstm(3, "below"), RecurrentLayer(own(4, "own")), lstm(4, "above")])
    case .cellInOneDirection:
      body = Bidirectional(
        forward: GRUCell<Scalar>(inputSize: 3, hiddenSize: 5, form: .resetAfter, named: "gru", in: &layout),
        reverse: own(3, "own"))
    case .layerInStack:
      body = Stack([
        lstm(3, "below"), Dropout(size: 4, rate: 0.3, stream: 0), memory(4, "memory"), lstm(4, "above"),
      ])
    case .layerFirst: body = Stack([memory(3, "memory"), lstm(3, "above")])
    case .layerInParallel:
      body = Parallel([memory(3, "memory"), linear(3, "linear"), lstm(3, "lstm")], merge: .concatenate)
    case .layerInHead:
      body = lstm(3, "body")
      head = Stack([memory(4, "memory"), Dropout(size: 4, rate: 0.3, stream: 0), linear(4, "linear")])
    case .everywhere:
      body = Stack([memory(3, "first"), RecurrentLayer(own(3, "own")), memory(4, "second")])
      head = memory(4, "head")
    }
    return SequenceModel(
      body: body, positions: .all, head: head, loss: .meanSquaredError, layout: layout)
  }

  private func failures<Scalar: TensorScalar>(
    _ place: Place, _ positions: ExecutionCase.Positions, _: Scalar.Type
  ) -> [String] {
    let model = model(place, Scalar.self)
    let sample = ExecutionCase(name: "", body: .dropout(rate: 0), positions: positions)
    let batches = ExecutionCase.lengths.enumerated().map {
      sample.batch(model, lengths: $1, update: $0)
    }
    return threadDifferences(model, batches)
  }

  @Test(arguments: Place.allCases) func outputsEverywhere(_ place: Place) {
    #expect(failures(place, .of(.all), Float.self) == [])
    #expect(failures(place, .of(.all), Double.self) == [])
  }

  @Test(arguments: Place.allCases) func outputsInPlaces(_ place: Place) {
    #expect(failures(place, .mask, Float.self) == [])
  }

  /// The layer is right, too: its gradients are those of its loss.
  @Test func theLayerKeepsItsContract() {
    #expect(
      checkLayer(splitting: .forward) { layout in LeakyMemory<Double>(size: 3, named: "own", in: &layout) }
        == [])
  }
}
