public import RecurrentCore
internal import RecurrentNN

/// The state that the sequences of the next batch go on from, where ``TrainerOptions/carriesState`` is set: part of what decides
/// the rest of a run.
public struct CarriedState<Scalar: TensorScalar>: Sendable, Hashable, Codable {
  /// A table for each matrix of the state, by its path, in the order of the paths: parameters have a form in files already.
  let matrices: ParameterStore<Scalar>

  init(_ matrices: ParameterStore<Scalar>) { self.matrices = matrices }

  /// - Returns: `nil` for a state that holds nothing.
  init?(_ state: LayerState<Scalar>) {
    let components = state.components.sorted { $0.path < $1.path }
    guard !components.isEmpty, components.allSatisfy({ !$0.value.elements.isEmpty }) else { return nil }
    var layout = ParameterLayout()
    let slots = components.map { path, matrix in
      layout.addTable(path, rows: matrix.rows, columns: matrix.columns, initializer: .zeros)
    }
    var matrices = ParameterStore<Scalar>(zeros: layout)
    for (slot, component) in zip(slots, components) { matrices[slot] = component.value }
    self.matrices = matrices
  }

  /// Sequences.
  var batchSize: Int { matrices.layout.slots[0].rows }

  /// This state in the form of `zero`, which has as many sequences; `nil` where that is of other layers.
  func state(like zero: LayerState<Scalar>) -> LayerState<Scalar>? {
    let expected = zero.components
    guard expected.count == matrices.layout.slots.count else { return nil }
    for (path, matrix) in expected {
      guard let slot = matrices.layout[path], slot.rows == matrix.rows, slot.columns == matrix.columns else {
        return nil
      }
    }
    return zero.mapComponents { path, matrix in matrices.layout[path].map { matrices[$0] } ?? matrix }
  }
}
