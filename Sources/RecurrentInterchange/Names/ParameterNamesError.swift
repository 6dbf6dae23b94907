public import RecurrentCore

/// Why a set of tensors is not the parameters of the stack that was asked for.
///
/// `description` is one line: the tensor, what was found, what was expected, and what to do.
public enum ParameterNamesError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A parameter of the stack is not among the tensors; `nearest` is the most similar name of a
  /// tensor that is not expected either.
  case missing(tensor: String, expectedShape: [Int], nearest: String?)
  /// A tensor belongs to nothing in the stack, all of which is there; `nearest` is the most similar name that
  /// does.
  case unexpected(tensor: String, shape: [Int], nearest: String?)
  /// A parameter is there with another shape than the stack says.
  case misshaped(tensor: String, found: [Int], expected: [Int])
  /// Two tensors have one name.
  case duplicate(tensor: String)
  /// The tensors are of one form of GRU and the stack is of the other.
  case gruFormMismatch(
    tensor: String, found: GRUForm, expected: GRUForm)
  /// A library stores a GRU in one form only, and the stack is of the other.
  case gruFormUnsupported(
    library: String, layer: Int, form: GRUForm, supported: GRUForm)
  /// A projected LSTM (`proj_size`), which has no counterpart here.
  case projection(tensor: String)
  /// The shape of a recurrent weight is not that of an RNN, GRU or LSTM.
  case unknownCell(tensor: String, shape: [Int])

  public var description: String {
    switch self {
    case .missing(let tensor, let shape, let nearest):
      "tensor \(quoted(tensor)): found none of that name, expected one of shape \(shape)"
        + (nearest.map { "; is it \(quoted($0))?" } ?? "; check the prefix and the number of layers")
    case .unexpected(let tensor, let shape, let nearest):
      "tensor \(quoted(tensor)): found it with shape \(shape), expected nothing of that name"
        + (nearest.map { ", the nearest that is expected being \(quoted($0))" } ?? "")
        + "; check the prefix, the number of layers, the directions and the bias"
    case .misshaped(let tensor, let found, let expected):
      "tensor \(quoted(tensor)): found the shape \(found), expected \(expected); check the cell, its sizes and its bias"
    case .duplicate(let tensor):
      "tensor \(quoted(tensor)): found it twice, expected each name once; remove one"
    case .gruFormMismatch(let tensor, let found, let expected):
      "tensor \(quoted(tensor)): found a GRU of the form \(found.rawValue), expected \(expected.rawValue); "
        + Self.formsDiffer + "; build the stack in the form \(found.rawValue)"
    case .gruFormUnsupported(let library, let layer, let form, let supported):
      "layer \(layer): found a GRU of the form \(form.rawValue), expected \(supported.rawValue), the only one that "
        + "\(library) has; \(Self.formsDiffer); train in the form \(supported.rawValue)"
    case .projection(let tensor):
      "tensor \(quoted(tensor)): found an LSTM with a projection, expected one without; train with proj_size=0"
    case .unknownCell(let tensor, let shape):
      "tensor \(quoted(tensor)): found the shape \(shape), expected [G·H, H] with G of 1 (RNN), 3 (GRU) or 4 (LSTM); "
        + "check that it is a recurrent weight"
    }
  }

  private static let formsDiffer =
    "r ⊙ (U h + b) and U (r ⊙ h) are different functions, so one form's weights are wrong in the other"
}
