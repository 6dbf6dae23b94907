internal import RecurrentCore
internal import Synchronization

/// The weight gradients of a batch, from the terms of all layers, cut into tasks that threads take one after another.
///
/// A task is some rows of one weight's gradient. Its elements are sums whose order is fixed by the plan's shards, so who
/// computes a task, and when, cannot be seen in it. Sent unchecked: while threads run, they only read the lists, take tasks by
/// an atomic count, and write to places that no other task has.
final class GradientPass<Scalar: TensorScalar>: @unchecked Sendable {
  private struct Task {
    let term: Int
    let columns: Range<Int>
  }

  private var terms: [GradientTerm<Scalar>] = []
  private var tasks: [Task] = []
  /// Terms that can only be added once the tasks are done: of parameters that another term has, and of layers that compute
  /// their gradients themselves.
  private var additions: [Int] = []
  private var places = GradientPlaces()
  private var symbolOrders: [SymbolOrder] = []
  private var scratch: [Scratch<Scalar>] = []
  private let next = Atomic<Int>(0)
  private var multiplications = 0
  private var lastShape: Shape?
  /// Whether sums go on as chains from what their places hold.
  private var continuesChains = false

  /// Takes the terms of a batch; ``restart()`` follows.
  func prepare(_ terms: [GradientTerm<Scalar>], threads: Int) {
    self.terms = terms
    tasks.removeAll(keepingCapacity: true)
    additions.removeAll(keepingCapacity: true)
    places.removeAll()
    var symbolCount = 0
    for (index, term) in terms.enumerated() {
      let symbolOrder = symbolCount
      if case .symbols = term.kind { symbolCount += 1 }
      guard places.claim(term, symbolOrder: symbolOrder) else {
        additions.append(index)
        continue
      }
      let pieces = term.pieces(threads: threads)
      for piece in 0..<pieces {
        tasks.append(Task(term: index, columns: term.n * piece / pieces..<term.n * (piece + 1) / pieces))
      }
    }
    for index in additions { places.add(terms[index]) }
    multiplications = terms.reduce(0) { $0 + $1.multiplications }
    while symbolOrders.count < symbolCount { symbolOrders.append(SymbolOrder()) }
    while scratch.count < threads { scratch.append(Scratch()) }
    let most = terms.reduce(0) { max($0, $1.scratchCount) }
    for own in scratch { own.reserve(most) }
  }

  /// Makes the pass ready for another batch whose terms stand where those of the last one did.
  func restart() {
    next.store(0, ordering: .relaxed)
    var symbolCount = 0
    for term in terms {
      guard case .symbols(let slot, let symbols, let isEmbedding) = term.kind else { continue }
      symbolOrders[symbolCount].sort(
        symbols, vocabulary: isEmbedding ? slot.rows : slot.columns, term.plan,
        isDescending: term.isDescending)
      symbolCount += 1
    }
  }

  /// Computes tasks until none is left: to be called by every thread, once for a batch, before ``finish(into:)``.
  ///
  /// - Parameter accumulate: whether the sums start from what `target` holds; else from zero.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(into target: UnsafeMutablePointer<Scalar>, accumulate: Bool, thread: Int) {
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < tasks.count else { return }
      let task = tasks[index]
      run(terms[task.term], task, into: target, accumulate: accumulate, scratch[thread].base)
    }
  }

  /// The gradients of a batch on the threads of a pool: everything that is summed once all sequences are back.
  ///
  /// - Parameters:
  ///   - shape: what the places of the terms follow from; terms are taken anew where it is another, or where layers make
  ///     their gradients themselves (`needsWholeShards`).
  ///   - terms: adds the terms of all layers to a list.
  ///   - gradients: set to the gradient, whatever stood there: zero where no term has a sum.
  func set(
    _ gradients: inout GradientStore<Scalar>, shape: Shape, isEmpty: Bool, needsWholeShards: Bool,
    on pool: WorkerPool, terms add: (inout [GradientTerm<Scalar>]) -> Void
  ) {
    if shape != lastShape || needsWholeShards {
      var list: [GradientTerm<Scalar>] = []
      swap(&list, &terms)
      list.removeAll(keepingCapacity: true)
      add(&list)
      prepare(list, threads: pool.threads)
      lastShape = shape
    }
    restart()
    // No term sets the gradient of no sequence, and some only add to theirs.
    gradients.clear(keeping: isEmpty || places.isEverywhere ? [] : places.wholes)
    let count = gradients.store.layout.count
    gradients.setSupport { places.write(to: &$0, symbolOrders, count: count) }
    gradients.store.values.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      if pool.sharers(of: multiplications) > 1 {
        pool.run(GradientTasks(pass: self, target: target, accumulate: false))
      } else {
        run(into: target, accumulate: false, thread: 0)
      }
      finish(into: target)
    }
  }

  /// Goes on with the sums that `gradients` holds, as if these terms' rows came behind those that are summed already: the part of
  /// one shard's sequences that another call had is one chain with this one.
  ///
  /// - Precondition: no parameter is in two terms, and no layer makes its gradients itself.
  func goOn(
    _ gradients: inout ParameterStore<Scalar>, with terms: [GradientTerm<Scalar>], on pool: WorkerPool
  ) {
    prepare(terms, threads: pool.threads)
    precondition(additions.isEmpty, "a parameter of two layers has no one chain")
    lastShape = nil
    continuesChains = true
    defer { continuesChains = false }
    restart()
    gradients.values.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      if pool.sharers(of: multiplications) > 1 {
        pool.run(GradientTasks(pass: self, target: target, accumulate: true))
      } else {
        run(into: target, accumulate: true, thread: 0)
      }
    }
  }

  /// Whether some parameter is in two of these terms, or a layer makes its gradients itself.
  static func areShared(_ terms: [GradientTerm<Scalar>]) -> Bool {
    let pass = GradientPass()
    pass.prepare(terms, threads: 1)
    return !pass.additions.isEmpty
  }

  /// What decides where terms stand: versions of the plans of the body's and the outputs' rows, and whether the input is
  /// symbols.
  struct Shape: Equatable {
    var body: Int
    var outputs: Int
    var hasSymbols = false
  }

  /// Adds what is left, term after term: to be called by one thread.
  func finish(into target: UnsafeMutablePointer<Scalar>) {
    for index in additions {
      let all = Task(term: index, columns: 0..<terms[index].n)
      run(terms[index], all, into: target, accumulate: true, scratch[0].base)
    }
  }

  private func run(
    _ term: GradientTerm<Scalar>, _ task: Task, into target: UnsafeMutablePointer<Scalar>, accumulate: Bool,
    _ scratch: UnsafeMutablePointer<Scalar>
  ) {
    let (plan, first, count) = (term.plan, task.columns.lowerBound, task.columns.count)
    let order = plan.order(descending: term.isDescending)
    switch term.kind {
    case .product(let slot, let firstRow, let x):
      Scalar._gradientProduct(
        shards: plan.shards, bounds: plan.shardBounds, index: order, columns: count, term.d + first,
        gradientRow: term.row, inner: slot.columns, x, inputRow: slot.columns, accumulate: accumulate,
        into: target + slot.offset + (firstRow + first) * slot.columns, resultStride: slot.columns,
        scratch: scratch)
    case .rows(let slot):
      Scalar._gradientRows(
        shards: plan.shards, bounds: plan.shardBounds, index: order, columns: count, term.d + first,
        gradientRow: term.row, accumulate: accumulate, into: target + slot.offset + first, scratch: scratch)
    case .smallCell(let slot, let x, let hidden, let h, let bias):
      Scalar._gradientSmallCell(
        shards: plan.shards, bounds: plan.shardBounds, index: order, columns: term.n, term.d,
        gradientRow: term.row, inputs: slot.columns, x, into: target + slot.offset, states: hidden.columns, h,
        into: target + hidden.offset, accumulate: accumulate, bias: bias.map { target + $0.offset },
        scratch: scratch)
    case .symbols(let slot, _, let isEmbedding):
      let place = terms[..<task.term].count { if case .symbols = $0.kind { true } else { false } }
      symbolOrders[place].write(
        term.d + first, row: term.row, columns: count,
        continuesChains
          ? .continues : accumulate ? .adds : places.hasRows(of: slot) ? .setsOccurring : .setsAll,
        to: target + slot.offset + (isEmbedding ? first : first * slot.columns),
        symbolStride: isEmbedding ? slot.columns : 1, columnStride: isEmbedding ? 1 : slot.columns, scratch)
    case .stores(let shards):
      addStores(shards, into: target)
    }
  }

  private func addStores(
    _ shards: ShardStores<Scalar>, into target: UnsafeMutablePointer<Scalar>
  ) {
    treeSumInPlace(&shards.stores, first: shards.stores.count) { $0.add($1) }
    guard let sum = shards.stores.first else { return }
    sum.values.withUnsafeBufferPointer { sum in
      for index in sum.indices where sum[index] != 0 { target[index] += sum[index] }
    }
  }

  /// Adds the sums of `terms` to `gradients`: one caller.
  static func add(_ terms: [GradientTerm<Scalar>], to gradients: inout ParameterStore<Scalar>) {
    let pass = GradientPass()
    pass.prepare(terms, threads: 1)
    pass.restart()
    precondition(
      gradients.values.count == gradients.layout.count && terms.allSatisfy { $0.fits(gradients.layout) },
      "the gradients are of another layout than the layer's parameters")
    gradients.values.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      pass.run(into: target, accumulate: true, thread: 0)
      pass.finish(into: target)
    }
  }
}

/// The tasks that a thread takes.
private struct GradientTasks<Scalar: TensorScalar>: SharedWork {
  let pass: GradientPass<Scalar>
  let target: UnsafeMutablePointer<Scalar>
  let accumulate: Bool

  func share(of thread: Int, among threads: Int) {
    pass.run(into: target, accumulate: accumulate, thread: thread)
  }
}

extension GradientTerm {
  /// Columns of D below which a task gathers more than it multiplies.
  private static var fewestColumns: Int { 192 }

  /// Whether the slots that it sums are those of the layout.
  fileprivate func fits(_ layout: ParameterLayout) -> Bool {
    func has(_ slot: ParameterSlot) -> Bool {
      layout.slots.indices.contains(slot.index) && layout.slots[slot.index] == slot
    }
    switch kind {
    case .product(let slot, _, _), .rows(let slot), .symbols(let slot, _, _): return has(slot)
    case .smallCell(let slot, _, let hidden, _, let bias):
      return has(slot) && has(hidden) && bias.map(has) ?? true
    case .stores: return true
    }
  }

  /// Into how many tasks this term is cut for so many threads.
  fileprivate func pieces(threads: Int) -> Int {
    switch kind {
    case .product(let slot, _, _):
      if threads == 1 || n * slot.columns < 4096 { return 1 }
      return max(min(threads, n / 32), min(2 * threads, n / Self.fewestColumns), 1)
    case .symbols: return threads == 1 || n < 128 ? 1 : threads
    case .rows, .smallCell, .stores: return 1
    }
  }

  /// How many products it sums.
  fileprivate var multiplications: Int {
    switch kind {
    case .product(let slot, _, _): plan.rowCount * n * slot.columns
    case .smallCell(let slot, _, let hidden, _, _): plan.rowCount * n * (slot.columns + hidden.columns)
    case .rows, .symbols: plan.rowCount * n
    case .stores: 0
    }
  }

  /// Elements of scratch that its largest task needs.
  fileprivate var scratchCount: Int {
    switch kind {
    case .product(let slot, _, _):
      Scalar._gradientScratch(shards: plan.shards, columns: n, inner: slot.columns)
    case .rows, .smallCell: Scalar._gradientScratch(shards: plan.shards, columns: n, inner: 1)
    case .symbols: SymbolOrder.scratchCount(shards: plan.shards, columns: n)
    case .stores: 0
    }
  }
}
