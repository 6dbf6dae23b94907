import RecurrentCore
import Testing

/// Pieces of a gradient, against a list with a Boolean for every place.
@Suite struct GradientSupportTests {
  /// Runs of places that are in and out by turns, short and long.
  private func random(_ count: Int, seed: UInt64, longest: Int) -> (support: GradientSupport, isIn: [Bool]) {
    let draws = CounterGenerator(seed: seed, purpose: .check)
    var isIn = [Bool](repeating: false, count: count)
    var support = GradientSupport()
    var (place, draw) = (0, UInt64(0))
    while place < count {
      let length = min(count - place, Int(draws.word(at: draw) % UInt64(longest)) + 1)
      // Every third draw: a piece right behind another one.
      if draws.word(at: draw + 1) % 3 > 0 {
        support.append(place..<place + length)
        for index in place..<place + length { isIn[index] = true }
      }
      place += length
      draw += 2
    }
    return (support, isIn)
  }

  @Test func piecesAreThePlaces() {
    for seed in 1...40 {
      let count = seed * 7
      let (support, isIn) = random(count, seed: UInt64(seed), longest: 1 + seed / 3)
      let places = isIn.indices.filter { isIn[$0] }
      #expect(support.count == places.count)
      for first in stride(from: 0, through: count, by: 5) {
        for end in stride(from: first, through: count, by: 3) {
          var found: [Int] = []
          support.forEachPlace(in: first..<end) { found += Array($0) }
          #expect(found == places.filter { (first..<end).contains($0) })
          let elements = min(first, places.count)..<min(end, places.count)
          found = []
          support.forEachPlace(ofElements: elements) { found += Array($0) }
          #expect(found == Array(places[elements]))
        }
      }
    }
  }

  @Test func nothingAndEverything() {
    var found: [Range<Int>] = []
    GradientSupport().forEachPlace(in: 0..<9) { found.append($0) }
    GradientSupport().forEachPlace(ofElements: 0..<0) { found.append($0) }
    #expect(found == [] && GradientSupport().count == 0)
    GradientSupport(everywhere: 9).forEachPlace(in: 0..<9) { found.append($0) }
    #expect(found == [0..<9] && GradientSupport(everywhere: 9).count == 9)
    #expect(GradientSupport(everywhere: 0).count == 0)
  }

  /// The norm passes over zeros and is that of all values, to the bit: blocks of 65,536, one of them without a piece.
  private func checkNorm<Scalar: TensorScalar>(_: Scalar.Type, longest: Int) {
    var layout = ParameterLayout()
    _ = layout.addVector("v", columns: 300_007, initializer: .zeros)
    var (support, isIn) = random(130_000, seed: UInt64(longest), longest: longest)
    support.append(280_003..<280_004)
    isIn += (130_000..<300_007).map { $0 == 280_003 }
    var store = ParameterStore<Scalar>(zeros: layout)
    let draws = CounterGenerator(seed: 3, purpose: .check)
    for index in isIn.indices where isIn[index] {
      store.values[index] = Scalar(draws.word(at: UInt64(index)) % 1000) / 700 - 0.7
    }
    let expected = store.norm
    #expect(expected > 10)
    #expect(store.norm(over: support, on: nil) == expected)
    for threads in [1, 2, 5] {
      #expect(store.norm(over: support, on: WorkerPool(threads: threads, wakingCost: 1)) == expected)
    }
  }

  @Test(arguments: [1, 5, 100, 3_000, 90_000]) func normIsThatOfAllValues(_ longest: Int) {
    checkNorm(Float.self, longest: longest)
    checkNorm(Double.self, longest: longest)
  }

  @Test func clearing() {
    var layout = ParameterLayout()
    _ = layout.addVector("v", columns: 40, initializer: .zeros)
    var store = GradientStore(ParameterStore<Float>(zeros: layout))
    store.store.values = (0..<40).map { Float($0) + 1 }
    store.clear(keeping: [0..<3, 10..<12, 39..<40])
    #expect(store.store.values.indices.filter { store.store.values[$0] != 0 } == [0, 1, 2, 10, 11, 39])
    store.setSupport {
      $0.removeAll(reserving: 2)
      $0.append(2..<11)
      $0.append(39..<40)
    }
    store.clear(keeping: [1..<3, 5..<11])
    #expect(store.store.values.indices.filter { store.store.values[$0] != 0 } == [0, 1, 2, 10, 11])
    store.reset()
    #expect(store.store.values == [Float](repeating: 0, count: 40) && store.support.count == 40)
  }
}
