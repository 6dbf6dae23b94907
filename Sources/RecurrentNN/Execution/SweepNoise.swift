internal import RecurrentCore

/// Recurrent dropout and zoneout in the sweep of a built-in cell.
///
/// Two more tracks keep the kernels as they are: what products read, m ⊙ h, and what the cell makes before zoneout mixes it
/// with the state before. Both have the slots of the state's own tracks. Where neither acts, the sweep uses those.
final class SweepNoise<Scalar: TensorScalar> {
  private let noise: RecurrentNoise
  private let size: Int
  /// z of each component; the first is h.
  private let rates: [Double]
  /// m `[B, H]`.
  private let mask: Scratch<Scalar>
  /// m ⊙ h, `[T + 1, B, H]`.
  fileprivate let read: Scratch<Scalar>
  /// The components of the new state before zoneout, `[T + 1, B, H]`.
  fileprivate let made: [Scratch<Scalar>]
  /// k of each component, `[T, B, H]`.
  private let kept: [Scratch<Scalar>]
  /// Whether each thread's last way forward was one of training.
  private let isTraining: Scratch<Bool>
  /// On the way back, `[B, H]`: what goes past the step by zoneout, component by component, and past a GRU's products.
  private let past: [Scratch<Scalar>]
  private let direct = Scratch<Scalar>()
  /// The gradient of the output, once it is part of that of h, `[B, H]`.
  private let zeros = Scratch<Scalar>()

  init(_ noise: RecurrentNoise, components: Int, size: Int) {
    self.noise = noise
    self.size = size
    rates = noise.zoneoutRates(components: components, hidden: 0)
    (mask, read, isTraining) = (Scratch(), Scratch(), Scratch())
    made = rates.map { _ in Scratch() }
    kept = rates.map { _ in Scratch() }
    past = rates.map { _ in Scratch() }
  }

  /// The same draws and tracks, with room of its own for the way back.
  init(returning other: SweepNoise) {
    (noise, size, rates) = (other.noise, other.size, other.rates)
    (mask, read, made, kept) = (other.mask, other.read, other.made, other.kept)
    isTraining = other.isTraining
    past = rates.map { _ in Scratch() }
  }

  /// Room for a batch.
  func reserve(_ plan: SequencePlan) {
    let rows = plan.batchSize * size
    isTraining.reserve(plan.threads).update(repeating: false, count: plan.threads)
    if noise.dropout > 0 {
      mask.reserve(rows)
      read.reserve((plan.steps + 1) * rows)
    }
    for component in rates.indices where rates[component] > 0 {
      made[component].reserve((plan.steps + 1) * rows)
      kept[component].reserve(plan.steps * rows)
    }
  }

  /// Elements that a row of a batch takes.
  var elementsPerRow: Int {
    size * ((noise.dropout > 0 ? 1 : 0) + 2 * rates.count { $0 > 0 })
  }

  /// Room for its way back.
  func reserveBack(_ plan: SequencePlan) {
    let rows = plan.batchSize * size
    direct.reserve(rows)
    for component in rates.indices where rates[component] > 0 { past[component].reserve(rows) }
    zeros.reserve(rows).update(repeating: 0, count: rows)
  }

  /// Whether zoneout acts on a component, in training as in use.
  fileprivate func zones(_ component: Int) -> Bool { rates[component] > 0 }

  /// Whether recurrent dropout acts in what a thread has run.
  fileprivate func masks(on thread: Int) -> Bool { noise.dropout > 0 && isTraining.base[thread] }

  fileprivate func setMode(_ mode: RunMode, on thread: Int) {
    isTraining.base[thread] = mode != .inference
  }

  /// Draws m and k of some sequences.
  fileprivate func draw(_ mode: RunMode, sequences: Range<Int>, _ plan: SequencePlan) {
    if noise.dropout > 0, case .training(let seed, let update) = mode {
      noise.fillMask(
        mask.base, size: size, seed: seed, update: update, sequences: sequences, identifiers: plan.identifiers
      )
    }
    for component in rates.indices where rates[component] > 0 {
      noise.fillKept(
        kept[component].base, rate: rates[component], component: component, size: size, mode,
        sequences: sequences, batchSize: plan.batchSize, lengths: plan.lengths, identifiers: plan.identifiers,
        firstStep: plan.firstStep)
    }
  }

  /// m ⊙ h of `count` numbers from `place` of one step's rows on, in the slot that begins at `slot`.
  @inline(__always)
  fileprivate func maskRead(_ count: Int, _ place: Int, slot: Int, of track: UnsafePointer<Scalar>) {
    Scalar._hadamard(count, mask.base + place, track + slot + place, read.base + slot + place)
  }
}

// What sweeps do at each step; without noise, nothing.
extension CellSweep {
  /// The track that the recurrent products of a thread read.
  @inline(__always)
  final func readTrack(of part: Part) -> UnsafeMutablePointer<Scalar> {
    guard let noise, noise.masks(on: part.thread) else { return tracks[0].base }
    return noise.read.base
  }

  /// The track that the cell's new component stands in before zoneout.
  @inline(__always)
  final func madeTrack(_ component: Int) -> UnsafeMutablePointer<Scalar> {
    guard let noise, noise.zones(component) else { return tracks[component].base }
    return noise.made[component].base
  }

  /// The states that the gradient of the recurrent weights has as its input, row t · B + b for step t of sequence b.
  final var statesRead: UnsafePointer<Scalar> {
    UnsafePointer(readTrack(of: Part(units: 0..<outputSize)) + before(0))
  }

  /// Draws the masks of a thread's sequences, and masks the states that they start from.
  final func beginNoise(_ mode: RunMode, thread: Int) {
    guard let noise else { return }
    noise.setMode(mode, on: thread)
    // A number drawn is counted as so many multiplications, which only decides from what size on threads are woken.
    let multiplications = 32
    if let pool = plan.idlePool, pool.sharers(of: plan.rowCount * outputSize * multiplications) > 1,
      pool.runTogether(NoiseWork(sweep: self, noise: noise, mode: mode))
    {
      return
    }
    beginNoise(noise, mode, sequences: plan.sequences(of: thread), thread: thread)
  }

  fileprivate final func beginNoise(
    _ noise: SweepNoise<Scalar>, _ mode: RunMode, sequences: Range<Int>, thread: Int
  ) {
    noise.draw(mode, sequences: sequences, plan)
    guard noise.masks(on: thread) else { return }
    for b in sequences {
      let place = b * outputSize
      noise.maskRead(outputSize, place, slot: firstPlace(b) - place, of: UnsafePointer(tracks[0].base))
    }
  }

  /// Lets zoneout mix what step `t` made with the state before it, and masks what the next step reads.
  @inline(__always)
  final func endStep(_ t: Int, of part: Part) {
    if let noise { endStep(t, of: part, noise) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private final func endStep(_ t: Int, of part: Part, _ noise: SweepNoise<Scalar>) {
    let masks = noise.masks(on: part.thread)
    forEachRun(of: part, at: t) { sequence, rows in
      forEachRow(of: part.units, count: rows) { place, count in
        let place = sequence * outputSize + place
        for component in tracks.indices where noise.zones(component) {
          noise.mix(
            component, count, place, row: t * plan.batchSize * outputSize,
            before: tracks[component].base + before(t), after: tracks[component].base + after(t),
            made: madeTrack(component) + after(t))
        }
        if masks { noise.maskRead(count, place, slot: after(t), of: UnsafePointer(tracks[0].base)) }
      }
    }
  }

  /// ∂L/∂output of step `t` as the cell's adjoint reads it, from sequence `sequence` on.
  @inline(__always)
  final func cellOutputGradient(at t: Int, _ sequence: Int) -> UnsafePointer<Scalar> {
    if let noise, noise.zones(0) { return noise.gradientOfNoOutput + sequence * outputSize }
    return outputGradient + (t * plan.batchSize + sequence) * outputSize
  }

  /// Takes the adjoint of zoneout at step `t`, before that of the cell.
  @inline(__always)
  final func beginStepBack(_ t: Int, of part: Part) {
    if let noise { beginStepBack(t, of: part, noise) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private final func beginStepBack(_ t: Int, of part: Part, _ noise: SweepNoise<Scalar>) {
    let row = t * plan.batchSize * outputSize
    forEachRun(of: part, at: t) { sequence, rows in
      forEachRow(of: part.units, count: rows) { place, count in
        let place = sequence * outputSize + place
        for component in stateGradients.indices where noise.zones(component) {
          let gradient = stateGradients[component].base + place
          if component == 0 { Scalar._add(count, outputGradient + row + place, to: gradient) }
          noise.split(component, count, place, row: row, gradient)
        }
      }
    }
  }

  /// Puts away what reaches h past the products of step `t`, where what comes through them is to be masked.
  @inline(__always)
  final func setDirectAside(_ t: Int, of part: Part) {
    guard let noise, noise.masks(on: part.thread) else { return }
    forEachRun(of: part, at: t) { sequence, rows in
      forEachRow(of: part.units, count: rows) { place, count in
        let place = sequence * outputSize + place
        noise.setDirectAside(count, place, stateGradients[0].base + place)
      }
    }
  }

  /// Masks what came to h through the products of step `t`, and adds what went past them.
  ///
  /// - Parameter hasDirect: whether something was set aside.
  @inline(__always)
  final func endStepBack(_ t: Int, of part: Part, hasDirect: Bool = false) {
    guard let noise else { return }
    let masks = noise.masks(on: part.thread)
    forEachRun(of: part, at: t) { sequence, rows in
      forEachRow(of: part.units, count: rows) { place, count in
        let place = sequence * outputSize + place
        for component in stateGradients.indices {
          let gradient = stateGradients[component].base + place
          if component == 0 && masks { noise.maskBack(count, place, gradient, hasDirect: hasDirect) }
          if noise.zones(component) { noise.addPast(component, count, place, gradient) }
        }
      }
    }
  }
}

extension SweepNoise {
  /// ∂L/∂output where it is part of the gradient of h already.
  fileprivate var gradientOfNoOutput: UnsafePointer<Scalar> { UnsafePointer(zeros.base) }

  /// s′ ← k ⊙ s + (1 − k) ⊙ s′.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func mix(
    _ component: Int, _ count: Int, _ place: Int, row: Int, before: UnsafePointer<Scalar>,
    after: UnsafeMutablePointer<Scalar>, made: UnsafePointer<Scalar>
  ) {
    let kept = kept[component].base + row + place
    for index in 0..<count {
      let k = kept[index]
      after[place + index] = k * before[place + index] + (1 - k) * made[place + index]
    }
  }

  /// The part k of a gradient goes past the step, the part 1 − k through it.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func split(
    _ component: Int, _ count: Int, _ place: Int, row: Int, _ gradient: UnsafeMutablePointer<Scalar>
  ) {
    let (kept, past) = (kept[component].base + row + place, past[component].base + place)
    for index in 0..<count {
      let k = kept[index]
      past[index] = k * gradient[index]
      gradient[index] = (1 - k) * gradient[index]
    }
  }

  fileprivate func setDirectAside(_ count: Int, _ place: Int, _ gradient: UnsafeMutablePointer<Scalar>) {
    (direct.base + place).update(from: gradient, count: count)
    gradient.update(repeating: 0, count: count)
  }

  fileprivate func maskBack(
    _ count: Int, _ place: Int, _ gradient: UnsafeMutablePointer<Scalar>, hasDirect: Bool
  ) {
    Scalar._hadamard(count, mask.base + place, gradient, gradient)
    if hasDirect { Scalar._add(count, direct.base + place, to: gradient) }
  }

  fileprivate func addPast(
    _ component: Int, _ count: Int, _ place: Int, _ gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar._add(count, past[component].base + place, to: gradient)
  }
}

/// The draws of some sequences, whose only thread shares them with those that wait.
private struct NoiseWork<Scalar: TensorScalar>: SharedWork {
  let sweep: CellSweep<Scalar>
  let noise: SweepNoise<Scalar>
  let mode: RunMode

  func share(of worker: Int, among workers: Int) {
    sweep.beginNoise(
      noise, mode, sequences: sweep.plan.sequences(ofGroup: worker, among: workers), thread: 0)
  }
}
