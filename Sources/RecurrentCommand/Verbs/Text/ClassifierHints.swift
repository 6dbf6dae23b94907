internal import Recurrent
internal import RecurrentCore
internal import RecurrentTasks

/// What examples look as if they were read wrongly, said before they are learned from.
enum ClassifierHints {
  /// - Parameter test: other examples that the figures are to be of.
  static func show(
    _ data: ClassifierData, test: ClassifierData?, _ configuration: ClassifierConfiguration,
    _ console: Console
  ) {
    guard case .texts(let texts) = data.examples else { return }
    let reading = configuration.reading
    console.note(
      "\(data.source): labels from column \(reading.labelColumn), texts from column \(reading.textColumn); \(counted(texts.labelNames.count, "label"))"
    )
    // A number of the row, or a text, as a label: nothing could be learned of any of them.
    if texts.texts.count >= 4, texts.labelNames.count * 2 > texts.texts.count {
      console.warn(
        "\(data.source): \(texts.labelNames.count) different labels of \(texts.texts.count) examples, too many to be learned; name the columns by --label-column and --text-column, and give --header yes where the first line has names"
      )
    }
    guard case .texts(let others)? = test?.examples else { return }
    let own = Set(texts.texts)
    let known = others.texts.count(where: own.contains)
    if known > 0 {
      console.warn(
        "\(test?.source ?? ""): \(known) of \(others.texts.count) texts stand in \(data.source) too, so the figures flatter; take them out of one of the files"
      )
    }
  }
}
