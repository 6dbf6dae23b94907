/// Where in a model's computation the first number stands that is NaN or infinite. Steps are counted from 0, as in
/// `[T, B, F]`.
///
/// The order is that of the computation: the data, then layer by layer from below, in each layer its steps in the
/// direction it runs, then the loss, then the gradients.
public enum NotFiniteOrigin: Sendable, Hashable {
  /// In the data. `step` is `nil` for what is given beside the sequence.
  case input(step: Int?, feature: Int)
  /// In the state that a sequence starts from.
  case initialState(component: String)
  /// In what a layer made of finite numbers.
  ///
  /// `layer` is its path in the model: `body.1.reverse` is the reverse direction of the second layer of the body.
  /// `component` is a part of the cell's state ("hidden", "cell"), or "output". `step` is `nil` where the layer reads no
  /// sequence.
  case activation(layer: String, component: String, step: Int?)
  /// In what the outputs are compared with.
  case target(step: Int?)
  /// In the loss of finite outputs and targets.
  case loss(step: Int?)
  /// On the way back only, every number before being finite: in the gradient of the loss at that step. `nil`: the gradient
  /// of each step alone is finite, and their sum is not.
  case gradient(lossStep: Int?)
}

extension NotFiniteOrigin: CustomStringConvertible {
  public var description: String {
    switch self {
    case .input(let step?, let feature): "input feature \(feature)\(Self.at(step))"
    case .input(nil, let feature): "input \(feature) beside the sequence"
    case .initialState(let component): "initial state '\(component)'"
    case .activation(let layer, let component, let step): "\(component) of layer '\(layer)'\(Self.at(step))"
    case .target(let step): "target\(Self.at(step))"
    case .loss(let step): "loss\(Self.at(step)) of finite outputs"
    case .gradient(let step?): "gradient of the loss\(Self.at(step)), with every activation finite"
    case .gradient(nil): "sum of the steps' gradients, with each of them and every activation finite"
    }
  }

  private static func at(_ step: Int?) -> String { step.map { " at step \($0)" } ?? "" }
}
