import Foundation
import RecurrentCore
import RecurrentTraining
import Testing

/// Adam that leaves rows of tables alone while they have no gradient.
@Suite("Sparse Adam") struct SparseAdamTests {
  private static let configuration = OptimizerConfiguration.sparseAdam(weightDecay: 0.1)
  private static let plain = OptimizerConfiguration.adam(weightDecay: 0.1)

  /// A table of so many rows between two parameters that are none: a packed weight, and a matrix of scores.
  private static func layout(rows: Int) -> ParameterLayout {
    var layout = ParameterLayout()
    _ = layout.addWeight("shared", rows: 4, columns: 3, initializer: .zeros)
    _ = layout.addTable("table", rows: rows, columns: 3, initializer: .zeros)
    _ = layout.addUnpacked("transition", rows: 4, columns: 3, initializer: .zeros)
    return layout
  }

  /// Some numbers, and in the table only in the rows named.
  private static func store<Scalar: TensorScalar>(
    _ layout: ParameterLayout, seed: UInt64, rows: [Int]? = nil, others: Bool = true, of: Scalar.Type
  ) -> ParameterStore<Scalar> {
    var store = ParameterStore<Scalar>(zeros: layout)
    let draws = CounterGenerator(seed: seed, purpose: .check)
    func number(_ slot: ParameterSlot, _ place: Int) -> Scalar {
      Scalar(Double(draws.word(at: UInt64(slot.index * 1000 + place)) % 2001) / 1000 - 1)
    }
    for slot in layout.slots {
      if !slot.isLookedUp {
        if others { for index in 0..<slot.count { store.values[slot.offset + index] = number(slot, index) } }
        continue
      }
      for (place, row) in (rows ?? Array(0..<slot.rows)).enumerated() {
        for column in 0..<3 {
          store.values[slot.offset + row * 3 + column] = number(slot, place * 3 + column)
        }
      }
    }
    return store
  }

  /// The rows that are used move as by plain Adam on a table of only those rows; no bit of another row changes.
  @Test func rowsThatAreUsedMoveAsByAdam() throws {
    try check(Float.self)
    try check(Double.self)
  }

  private func check<Scalar: TensorScalar>(_: Scalar.Type) throws {
    let used = [0, 7, 8, 41]
    let (large, small) = (Self.layout(rows: 50), Self.layout(rows: used.count))
    var parameters = Self.store(large, seed: 1, rows: used, of: Scalar.self)
    let table = try #require(large["table"])
    for row in 0..<50 where !used.contains(row) {
      for column in 0..<3 { parameters.values[table.offset + row * 3 + column] = Scalar(row) }
    }
    let before = parameters
    var expected = Self.store(small, seed: 1, of: Scalar.self)
    var sparse = Optimizer<Scalar>(Self.configuration, layout: large)
    var adam = Optimizer<Scalar>(Self.plain, layout: small)
    for step in 1...9 {
      let seed = UInt64(100 + step)
      sparse.update(
        &parameters, with: Self.store(large, seed: seed, rows: used, of: Scalar.self), rate: 0.01,
        gradientScale: 0.5)
      adam.update(
        &expected, with: Self.store(small, seed: seed, of: Scalar.self), rate: 0.01, gradientScale: 0.5)
    }
    func pairs(_ found: ParameterStore<Scalar>, _ expected: ParameterStore<Scalar>) throws {
      for name in ["shared", "transition"] {
        let (own, other) = (try #require(large[name]), try #require(small[name]))
        #expect(found[own] == expected[other])
      }
      let other = try #require(small["table"])
      let (rows, others) = (found[table], expected[other])
      for (place, row) in used.enumerated() {
        for column in 0..<3 { #expect(rows[row, column] == others[place, column]) }
      }
    }
    try pairs(parameters, expected)
    try pairs(try #require(sparse.firstMoment), try #require(adam.firstMoment))
    try pairs(try #require(sparse.secondMoment), try #require(adam.secondMoment))
    for row in 0..<50 where !used.contains(row) {
      for column in 0..<3 {
        let place = table.offset + row * 3 + column
        #expect(parameters.values[place] == before.values[place])
        #expect(sparse.firstMoment?.values[place] == 0 && sparse.secondMoment?.values[place] == 0)
      }
    }
  }

  /// What rests keeps its moments too, and then goes on with them; what is no table moves in every update, with a gradient or
  /// without. Plain Adam moves all of it, which this test would see.
  @Test func rowsThatAreNotUsedRest() throws {
    let layout = Self.layout(rows: 6)
    let table = try #require(layout["table"])
    func run(_ configuration: OptimizerConfiguration) -> [(ParameterStore<Float>, Optimizer<Float>)] {
      var parameters = Self.store(layout, seed: 1, of: Float.self)
      var optimizer = Optimizer<Float>(configuration, layout: layout)
      let steps: [(rows: [Int], others: Bool)] = [([1, 4], true), ([4], false), ([1, 5], true)]
      return steps.enumerated().map { step, what in
        let gradient = Self.store(
          layout, seed: UInt64(step + 7), rows: what.rows, others: what.others, of: Float.self)
        optimizer.update(&parameters, with: gradient, rate: 0.01)
        return (parameters, optimizer)
      }
    }
    func row(_ number: Int, _ state: (ParameterStore<Float>, Optimizer<Float>)) -> [[Float]] {
      [state.0, state.1.firstMoment, state.1.secondMoment].map { store in
        (0..<3).map { store?.values[table.offset + number * 3 + $0] ?? .nan }
      }
    }
    let (sparse, adam) = (run(Self.configuration), run(Self.plain))
    #expect(row(1, sparse[0]) == row(1, adam[0]))
    #expect(row(1, sparse[1]) == row(1, sparse[0]))
    #expect(row(1, adam[1]) != row(1, adam[0]))
    #expect(row(1, sparse[2]) != row(1, sparse[1]))
    #expect(row(4, sparse[1]) == row(4, adam[1]))
    for name in ["shared", "transition"] {
      let slot = try #require(layout[name])
      for step in 0..<3 { #expect(sparse[step].0[slot] == adam[step].0[slot]) }
    }
  }

  /// A row moves if any of its elements has a gradient, and what is not a number is not taken for zero.
  @Test func aRowIsUsedAsAWhole() throws {
    var layout = ParameterLayout()
    let table = layout.addTable("table", rows: 3, columns: 2, initializer: .zeros)
    var gradients = ParameterStore<Float>(zeros: layout)
    gradients.values = [0, 1, -0.0, 0, .nan, 0]
    var parameters = ParameterStore<Float>(zeros: layout)
    parameters.values = [1, 1, 1, 1, 1, 1]
    var optimizer = Optimizer<Float>(.sparseAdam(weightDecay: 0.5), layout: layout)
    optimizer.update(&parameters, with: gradients, rate: 0.1)
    #expect(parameters.values[0] < 1 && parameters.values[1] < 1)
    #expect(Array(parameters.values[2..<4]) == [1, 1])
    #expect(parameters.values[4].isNaN && table.rows == 3)
  }

  /// Layouts say which tables are looked up; files from before there was a difference are still read, as are optimisers.
  @Test func filesOfBeforeAreRead() throws {
    let layout = Self.layout(rows: 5)
    let coded = try JSONEncoder().encode(layout)
    #expect(try JSONDecoder().decode(ParameterLayout.self, from: coded) == layout)
    let zeros = String(decoding: try JSONEncoder().encode(Initializer.zeros), as: UTF8.self)
    let old = #"[{"name":"table","rows":5,"columns":3,"initializer":\#(zeros),"blocks":[]}]"#
    let read = try JSONDecoder().decode(ParameterLayout.self, from: Data(old.utf8))
    #expect(read["table"]?.count == 15 && read["table"]?.isLookedUp == false)
    let adam = #"{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"weightDecay":0}}"#
    #expect(
      try JSONDecoder().decode(OptimizerConfiguration.self, from: Data(adam.utf8)) == .adam())
  }
}
