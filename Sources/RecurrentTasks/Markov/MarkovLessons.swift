public import Recurrent

/// The small models that explain the recursions.
public enum MarkovLessons {
  /// A fair die and a loaded one, which shows six half of the time; the die that is thrown is changed now and then.
  public static let dice = model(
    states: ["fair", "loaded"], symbols: ["1", "2", "3", "4", "5", "6"], initial: [0.5, 0.5],
    transition: [[0.95, 0.05], [0.1, 0.9]],
    emission: [[Double](repeating: 1.0 / 6, count: 6), [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]])

  /// 银行 is a bank, and in this toy also the bank of a river (河岸): which of the two, only the words around it tell. 其他: any
  /// other word.
  public static let bank = model(
    states: ["其他", "银行", "河岸"], symbols: ["我", "今天", "在", "银行", "河边", "散步", "存钱"], initial: [0.8, 0.1, 0.1],
    transition: [[0.6, 0.2, 0.2], [0.3, 0.6, 0.1], [0.3, 0.1, 0.6]],
    emission: [
      [0.3, 0.3, 0.28, 0.01, 0.01, 0.08, 0.02], [0.02, 0.02, 0.05, 0.5, 0.01, 0.02, 0.38],
      [0.02, 0.02, 0.05, 0.3, 0.4, 0.2, 0.01],
    ])

  private static func model(
    states: [String], symbols: [String], initial: [Double], transition: [[Double]], emission: [[Double]]
  ) -> HiddenMarkovModel<CategoricalEmission> {
    do throws(HMMError) {
      return try HiddenMarkovModel(
        initial: initial, transition: Matrix(transition),
        emission: CategoricalEmission(Matrix(emission), symbols: symbols), states: states)
    } catch {
      preconditionFailure("a lesson's model: \(error)")
    }
  }
}
